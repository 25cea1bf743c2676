import { expect, test } from 'vitest'
import { buildPagesIfNeeded } from '../../scripts/build.ts'
import { weighPages } from '../bench/pages/weigh-pages.ts'

test('no page loads more than 120 kB of JavaScript, gzipped', async () => {
  buildPagesIfNeeded()
  const heavy = (await weighPages()).filter(({ kilobytes }) => kilobytes > 120)
  expect(heavy).toEqual([])
})
