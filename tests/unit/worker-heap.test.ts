import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { workerHeap } from '../../jobs/heap.ts'

test.each(['Containerfile', 'package.json'])('%s starts the worker with its flags', file => {
  const text = readFileSync(join(import.meta.dirname, '../..', file), 'utf8')
  expect(text.split('jobs/worker.ts')).toHaveLength(2)
  expect(text).toContain(`node ${workerHeap.join(' ')} jobs/worker.ts`)
})
