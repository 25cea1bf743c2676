import { join } from 'node:path'
import express, { Router } from 'express'

/**
 * The browser's part of the build. Files under /assets have their hash in the name and are kept for a year; one that is
 * missing is a plain 404, never a page, or a browser would keep HTML as a script.
 */
export function serveAssets(clientFolder: string): Router {
  const router = Router()
  const options = { index: false, redirect: false, fallthrough: true } as const
  router.use(
    '/assets',
    express.static(join(clientFolder, 'assets'), {
      ...options,
      setHeaders: response => void response.setHeader('Cache-Control', 'public, max-age=31536000, immutable'),
    }),
    (_request, response) => {
      response.status(404).type('text/plain').send('Not found\n')
    },
  )
  router.use(express.static(clientFolder, { ...options, cacheControl: false }))
  return router
}
