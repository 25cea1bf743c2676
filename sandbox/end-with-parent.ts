/*
 * Loaded before the product's own entry points, which know nothing of the demo: a demo that was killed takes its web
 * and worker with it, as Ctrl+C does.
 */
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'))
process.channel?.unref()
