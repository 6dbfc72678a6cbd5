import type { Mark, TextMark } from './document.ts'
import { textWidth, wrap } from './text.ts'

/** In points from the left edge of the page. */
type Column = { head: string; left: number; width: number; align: 'left' | 'right' }

/** The cells of each line that a row is high, in the order of the columns. */
export type Row = readonly (readonly string[])[]

export type Table = { columns: readonly Column[]; rows: Iterable<Row> }

/** In points from the upper edge: where tables begin on the first page, and on the others, and where all end. */
export type Room = { firstTop: number; top: number; bottom: number; mostPages: number }

/** The columns beside each other: those of text, then those of amounts, which end at their right edge. */
export function columnsOf(
  left: number,
  texts: readonly (readonly [head: string, width: number])[],
  amounts: readonly (readonly [head: string, width: number])[],
): Column[] {
  let next = left
  const after = (width: number) => (next += width) - width
  return [
    ...texts.map(([head, width]): Column => ({
      head,
      left: after(width),
      width: width - GAP,
      align: 'left',
    })),
    ...amounts.map(([head, width]): Column => ({
      head,
      left: after(width) + GAP,
      width: width - GAP,
      align: 'right',
    })),
  ]
}

const GAP = 8
const TEXT_SIZE = 8.5

/**
 * The tables one below the other, on as many pages as they need, with their heads on each. A row stays together
 * unless it is higher than a page. Null when more pages would be needed than there may be.
 */
export function pagesOf(tables: readonly Table[], room: Room): Mark[][] | null {
  let page: Mark[] = []
  let y = room.firstTop
  const pages = [page]
  for (const { columns, rows } of tables) {
    let isBegun = false
    for (const row of rows) {
      if (!isBegun && !hasRoom(HEAD_HEIGHT + heightOf(row))) turn()
      if (!isBegun) putHeads(columns)
      isBegun = true
      putRow(columns, row)
      if (pages.length > room.mostPages) return null
    }
    y += GAP_BETWEEN_TABLES
  }
  return pages

  function putHeads(columns: readonly Column[]): void {
    y += LINE_HEIGHT
    page.push(
      ...lineMarks(
        columns,
        columns.map(({ head }) => head),
        y,
      ),
    )
    y += PADDING
    page.push(ruleBelow(columns, y))
  }

  function putRow(columns: readonly Column[], row: Row): void {
    if (!hasRoom(heightOf(row)) && heightOf(row) <= room.bottom - room.top - HEAD_HEIGHT) {
      turn()
      putHeads(columns)
    }
    for (const cells of row) {
      if (!hasRoom(LINE_HEIGHT + PADDING)) {
        turn()
        putHeads(columns)
      }
      y += LINE_HEIGHT
      page.push(...lineMarks(columns, cells, y))
    }
    y += PADDING
    page.push(ruleBelow(columns, y))
  }

  function turn(): void {
    page = []
    pages.push(page)
    y = room.top
  }

  function hasRoom(height: number): boolean {
    return y + height <= room.bottom
  }
}

/** The text of a cell in lines, of a column that is so wide with its gap. */
export const linesIn = (columnWidth: number, text: string, mostLines: number): string[] =>
  wrap(text, { size: TEXT_SIZE, width: columnWidth - GAP, mostLines })

const LINE_HEIGHT = 12
const PADDING = 4
const HEAD_HEIGHT = LINE_HEIGHT + PADDING
const GAP_BETWEEN_TABLES = 12

const heightOf = (row: Row) => row.length * LINE_HEIGHT + PADDING

const lineMarks = (columns: readonly Column[], cells: readonly string[], y: number): TextMark[] =>
  columns.flatMap((column, i) => {
    const text = cells[i] ?? ''
    return text === '' ? [] : [cellMark(column, text, y)]
  })

/** What is wider than its column, as a sum of billions may be, becomes smaller: no figure is cut. */
const cellMark = ({ left, width, align }: Column, text: string, y: number): TextMark => ({
  kind: 'text',
  text,
  x: align === 'left' ? left : left + width,
  y,
  size: Math.min(TEXT_SIZE, width / textWidth(text, 1)),
  align,
})

function ruleBelow(columns: readonly Column[], y: number): Mark {
  const left = Math.min(...columns.map((column) => column.left))
  const right = Math.max(...columns.map((column) => column.left + column.width))
  return { kind: 'rule', x: left, y, width: right - left }
}
