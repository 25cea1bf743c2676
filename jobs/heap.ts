/**
 * Flags that every worker is started with (docs/decisions/191). V8 takes what the machine has: with much of it, young
 * objects get 128 MiB, and old ones three or four times what is alive before they are looked through. A limit for the
 * old ones has them looked through at half as much again, long before it is met: a worker has some 70 MB alive.
 */
export const workerHeap: readonly string[] = ['--max-old-space-size=1024', '--max-semi-space-size=16']
