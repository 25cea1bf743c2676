import { Form, useSearchParams } from '@remix-run/react'
import { useHrefWith } from '../../lib/as-of.ts'
import { Button, buttonClassName } from '../ui/button.tsx'
import { PageLink } from '../ui/page-link.tsx'
import { SelectField } from '../ui/select-field.tsx'
import { DateField } from '../ui/text-field.tsx'
import type { EventsData } from './answers.ts'
import { STREAM_NAMES } from './stream-names.ts'

const FILTERS = ['streamType', 'type', 'actor', 'from', 'to', 'streamId'] as const

/** Narrows the stream. A GET form: what is chosen stands in the address, so that it can be kept and handed on. */
export function EventFilters({ choices }: Pick<EventsData, 'choices'>) {
  const [parameters] = useSearchParams()
  const hrefWith = useHrefWith()
  const value = (name: string) => parameters.get(name) ?? ''
  const isFiltered = FILTERS.some(name => value(name) !== '')
  const asOf = value('asOf')
  const streamId = value('streamId')
  return (
    <Form method="get" key={parameters.toString()} className="grid gap-3 px-4 pb-4">
      {asOf ? <input type="hidden" name="asOf" value={asOf} /> : null}
      <div className="grid gap-3 sm:grid-cols-2 lg:grid-cols-5">
        <SelectField
          name="streamType"
          label="About"
          placeholder="Everything"
          defaultValue={value('streamType')}
          options={choices.streamTypes.map(type => ({ value: type, label: STREAM_NAMES[type] }))}
        />
        <SelectField
          name="type"
          label="What happened"
          placeholder="Anything"
          defaultValue={value('type')}
          options={choices.types.map(({ type, words }) => ({ value: type, label: words }))}
        />
        <SelectField
          name="actor"
          label="Who"
          placeholder="Anybody"
          defaultValue={value('actor')}
          options={choices.actors.map(actor => ({ value: actor.id, label: actor.name }))}
        />
        <DateField name="from" label="From (UTC)" withTime defaultValue={value('from')} />
        <DateField name="to" label="Before (UTC)" withTime defaultValue={value('to')} />
      </div>
      <div className="flex flex-wrap items-center gap-2">
        <Button type="submit">Filter</Button>
        {isFiltered ? (
          <PageLink
            to={hrefWith({ ...Object.fromEntries(FILTERS.map(name => [name, null])), before: null })}
            className={buttonClassName({ variant: 'quiet' })}
          >
            Show everything
          </PageLink>
        ) : null}
        {streamId ? (
          <span className="text-s text-ink-2">
            <input type="hidden" name="streamId" value={streamId} />
            Only the stream <code className="font-mono text-xs break-all">{streamId}</code>
          </span>
        ) : null}
      </div>
    </Form>
  )
}
