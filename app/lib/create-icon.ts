import { createElement, type ReactElement, type SVGProps } from 'react'

/** As a module of lucide-react says it: the elements of a picture of 24 by 24. */
type IconData = { node: readonly (readonly [tag: string, attributes: Record<string, string>])[] }

/**
 * Stands in for lucide-react's own function of this place (vite/light-icons.ts), which reckons sizes, strokes and names
 * that no icon here asks for and weighs more than all icons together.
 */
export default function createIcon({ node }: IconData) {
  return function Icon(props: SVGProps<SVGSVGElement>): ReactElement {
    return createElement(
      'svg',
      { ...DRAWN, ...props },
      node.map(([tag, attributes]) => createElement(tag, attributes)),
    )
  }
}

const DRAWN = {
  xmlns: 'http://www.w3.org/2000/svg',
  width: 24,
  height: 24,
  viewBox: '0 0 24 24',
  fill: 'none',
  stroke: 'currentColor',
  strokeWidth: 2,
  strokeLinecap: 'round',
  strokeLinejoin: 'round',
  'aria-hidden': true,
} as const
