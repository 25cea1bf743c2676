import type { BrowserContext, Page } from 'playwright-core'

/** Has every page of a browser's context that is opened from now on note what moves in it by itself. */
export const watchLayout = (context: BrowserContext) => context.addInitScript(noteShifts)

/**
 * What moved since the page came, by the measure of Web Vitals (a share of what is in sight), and what it was. Shifts
 * after a press count as well: what a press sets going must not push away what one reads.
 */
export const layoutShifts = (page: Page): Promise<{ sum: number; shifts: string[] }> =>
  page.evaluate(
    () =>
      // Put there by noteShifts.
      (window as unknown as { layoutShifts: { sum: number; shifts: string[] } }).layoutShifts,
  )

/** Runs in the page. */
function noteShifts(): void {
  const noted = { sum: 0, shifts: [] as string[] }
  Object.assign(window, { layoutShifts: noted })
  new PerformanceObserver(list => {
    for (const entry of list.getEntries()) {
      // As the specification of layout instability has them; the DOM's types do not.
      const { value, sources, startTime } = entry as unknown as LayoutShift
      noted.sum += value
      const moved = sources.map(
        ({ node, previousRect, currentRect }) =>
          `${node?.nodeName}, ${node?.textContent?.slice(0, 40)}: ${[previousRect, currentRect]
            .map(({ x, y }) => `${Math.round(x)} ${Math.round(y)}`)
            .join(' to ')}`,
      )
      noted.shifts.push(`${value.toFixed(4)} after ${Math.round(startTime)} ms: ${moved.join('; ')}`)
    }
  }).observe({ type: 'layout-shift', buffered: true })
}

type LayoutShift = PerformanceEntry & {
  value: number
  sources: { node: Node | null; previousRect: DOMRectReadOnly; currentRect: DOMRectReadOnly }[]
}
