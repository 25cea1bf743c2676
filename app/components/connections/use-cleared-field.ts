import { type RefObject, useEffect, useRef } from 'react'
import type { FormRefusal } from '../../lib/form-action.ts'

/** A form whose field is emptied when the form was refused: a secret does not stay in a page. */
export function useClearedField(name: string, refusal: FormRefusal | undefined): RefObject<HTMLFormElement> {
  const form = useRef<HTMLFormElement>(null)
  useEffect(() => {
    const field = form.current?.elements.namedItem(name)
    if (refusal && field instanceof HTMLInputElement) field.value = ''
  }, [name, refusal])
  return form
}
