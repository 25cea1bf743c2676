/** What a step does away with beside what it keeps, under a title each. */
export function Consequences({ sides }: { sides: { title: string; items: string[] }[] }) {
  return (
    <dl className="grid gap-3 sm:grid-cols-2">
      {sides.map(({ title, items }) => (
        <div key={title}>
          <dt className="font-semibold text-ink">{title}</dt>
          {items.map(item => (
            <dd key={item} className="ps-3">
              – {item}
            </dd>
          ))}
        </div>
      ))}
    </dl>
  )
}
