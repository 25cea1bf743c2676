import type { Page } from 'playwright-core'

/** What a walk by Tab came to, in pieces of HTML. */
export interface KeyboardWalk {
  /** What can take the focus and never got it: the walk was held up before, or goes past it. */
  missed: string[]
  /** What had the focus and did not show it, or was not in sight. */
  unseen: string[]
}

/** Goes through a page by Tab alone, from its beginning until every place that takes the focus had it. */
export async function keyboardWalk(page: Page): Promise<KeyboardWalk> {
  const presses = await page.evaluate(() => {
    const places = [
      ...document.querySelectorAll<HTMLElement>(
        'a[href],button,input,select,textarea,summary,[tabindex="0"]',
      ),
    ].filter(
      place =>
        place.tabIndex >= 0 &&
        !place.matches(':disabled,[type=hidden],[type=radio]:not(:checked)') &&
        place.checkVisibility({ visibilityProperty: true }) &&
        // Of what is folded away nothing can be reached.
        place.getClientRects().length > 0,
    )
    const state = { places, seen: new Set<Element>(), unseen: new Set<string>() }
    Object.assign(window, { keyboardWalk: state })
    document.addEventListener('focusin', ({ target }) => {
      if (!(target instanceof HTMLElement)) return
      state.seen.add(target)
      const { outlineStyle, outlineWidth } = getComputedStyle(target)
      const isOutlined = outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 1
      const { width, height } = target.getBoundingClientRect()
      if (!isOutlined || width === 0 || height === 0) state.unseen.add(target.outerHTML.slice(0, 160))
    })
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
    // The parts of a date are places of their own within the field.
    const isDate = (place: Element) => /^(?:date|datetime-local)$/.test(place.getAttribute('type') ?? '')
    return places.length + places.filter(isDate).length * 7 + 2
  })
  await pressTab(page, presses)
  let walk = await came(page)
  // What scrolls is a place as well, which nothing in the page tells: a few more presses.
  for (let round = 0; round < 2 && walk.missed.length > 0; round += 1) {
    await pressTab(page, 40)
    walk = await came(page)
  }
  return walk
}

async function pressTab(page: Page, times: number) {
  for (let pressed = 0; pressed < times; pressed += 1) await page.keyboard.press('Tab')
}

const came = (page: Page): Promise<KeyboardWalk> =>
  page.evaluate(() => {
    const { places, seen, unseen } = (
      window as unknown as {
        keyboardWalk: { places: Element[]; seen: Set<Element>; unseen: Set<string> }
      }
    ).keyboardWalk
    return {
      missed: places
        .filter(place => place.isConnected && !seen.has(place))
        .map(place => place.outerHTML.slice(0, 160)),
      unseen: [...unseen],
    }
  })
