import { Link, type LinkProps } from '@tanstack/react-router'

type PageTab<Name extends string> = { name: Name; to: NonNullable<LinkProps['to']>; text: string }

type PageTabsProps<Name extends string> = {
  /** Where they lead, for those who hear the page: 'Pages of settlement'. */
  label: string
  at: Name
  tabs: readonly PageTab<Name>[]
}

/** From one of a section's pages to the others: links, so that the Tab key and a new window serve. */
export function PageTabs<Name extends string>({ label, at, tabs }: PageTabsProps<Name>) {
  return (
    <nav className="views" aria-label={label}>
      {tabs.map(({ name, to, text }) => (
        <Link
          key={name}
          to={to}
          activeOptions={{ exact: true, includeSearch: false }}
          aria-current={name === at ? 'page' : undefined}
        >
          {text}
        </Link>
      ))}
    </nav>
  )
}
