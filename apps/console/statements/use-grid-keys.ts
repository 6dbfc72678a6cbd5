import { type KeyboardEvent, useState } from 'react'

const STEPS: Record<string, [rows: number, columns: number]> = {
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
}

/**
 * Arrows go from cell to cell of a table of links, over cells without one; the tab key enters it once and leaves it again.
 * Each link says where it stands: data-cell="row,column".
 */
export function useGridKeys(first: string) {
  const [current, setCurrent] = useState<string | null>(null)
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const step = STEPS[event.key]
    const at = (event.target as HTMLElement).dataset['cell']
    if (!step || !at) return
    event.preventDefault()
    nextCell(event.currentTarget, at, step)?.focus()
  }
  return {
    onKeyDown,
    /** Of one link: only one of them stands in the way of the tab key. */
    cellProps: (key: string) => ({
      'data-cell': key,
      tabIndex: key === (current ?? first) ? 0 : -1,
      onFocus: () => setCurrent(key),
    }),
  }
}

function nextCell(table: HTMLElement, from: string, [rows, columns]: [number, number]) {
  const [row = 0, column = 0] = from.split(',').map(Number)
  const cells = [...table.querySelectorAll<HTMLElement>('[data-cell]')].map((link) => {
    const [r = 0, c = 0] = (link.dataset['cell'] ?? '').split(',').map(Number)
    return {
      link,
      ahead: (r - row) * rows + (c - column) * columns,
      aside: rows ? c - column : r - row,
    }
  })
  const there = cells.filter(({ ahead, aside }) => ahead > 0 && (columns === 0 || aside === 0))
  const nearest = there.toSorted(
    (a, b) => a.ahead - b.ahead || Math.abs(a.aside) - Math.abs(b.aside),
  )
  return nearest[0]?.link
}
