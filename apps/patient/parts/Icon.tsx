/** A sign beside words, never in place of them. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={SHAPES[name]} />
    </svg>
  )
}

// Drawn with one line on a field of 24 by 24.
const SHAPES = {
  back: 'M15 5l-7 7 7 7',
  forward: 'M9 5l7 7-7 7',
  down: 'M5 9l7 7 7-7',
  done: 'M5 12.5l4.5 4.5L19 7.5',
  clock: 'M12 7v5l3.5 2M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z',
  returned: 'M8 5L4 9l4 4M4 9h10a6 6 0 0 1 0 12h-3',
  none: 'M7 7l10 10M17 7L7 17',
  still: 'M7 12h10',
  question:
    'M9 9.5a3 3 0 1 1 4.2 2.8c-.8.4-1.2 1-1.2 1.9v.3M12 17.6v.1M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z',
  bill: 'M6 3h12v18l-3-2-3 2-3-2-3 2zM9.5 8h5M9.5 12h5',
  list: 'M8 6h12M8 12h12M8 18h12M4 6h.1M4 12h.1M4 18h.1',
  card: 'M3 6h18v12H3zM3 10h18M7 15h4',
  person: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20.5c1.2-3.6 4-5 7.5-5s6.3 1.4 7.5 5',
  hospital: 'M5 21V5h14v16M3 21h18M12 8v6M9 11h6M10 21v-4h4v4',
  sound: 'M4 9.5v5h3.5L12 18V6L7.5 9.5zM15.5 9a4.5 4.5 0 0 1 0 6M18 6.5a8 8 0 0 1 0 11',
  print: 'M7 8V3h10v5M7 17H4V9h16v8h-3M7 14h10v7H7z',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
  shield: 'M12 3l7 3v6c0 4.2-2.8 7.4-7 9-4.2-1.6-7-4.8-7-9V6zM9 12l2.2 2.2L15.5 10',
  gift: 'M4 9h16v4H4zM6 13v8h12v-8M12 9v12M12 9c-1-4-6-4-5.5-1.5C6.8 9 9 9 12 9c3 0 5.2 0 5.5-1.5C18 5 13 5 12 9z',
  safe: 'M4 6h16v13H4zM4 10h16M15.5 14.5h2',
  offline:
    'M3 3l18 18M8.5 15.5a5 5 0 0 1 7 0M5 12a10 10 0 0 1 5-2.7M2 8.5a15 15 0 0 1 4-2.6M14 9.3a10 10 0 0 1 5 2.7M11 5a15 15 0 0 1 11 3.5M12 19v.1',
} as const

export type IconName = keyof typeof SHAPES
