import { type ReactNode, useRef } from 'react'
import { useTranslation } from 'react-i18next'

import { Fault } from './Fault.tsx'
import { useRowKeys } from './use-row-keys.ts'

export type Column<Row> = {
  key: string
  title: ReactNode
  cell: (row: Row) => ReactNode
  /** Amounts and counts stand at the right, so that digits stand under each other. */
  isNumber?: boolean
  /** Left out on a narrow screen, where the row's own page has it. */
  onWideOnly?: boolean
  /** Stands under the title, in sight however far the rows are scrolled. */
  sum?: ReactNode
}

/** What a query tells of a list; that of react-query fits. */
export type ListQuery = {
  isPending: boolean
  error: unknown
  isFetching: boolean
  refetch: () => unknown
}

type DataTableProps<Row> = {
  label: string
  columns: readonly Column<Row>[]
  rows: readonly Row[] | undefined
  rowKey: (row: Row) => string
  query: ListQuery
  empty: ReactNode
  /** Marks a row that needs a look. */
  isMarked?: (row: Row) => boolean
}

/**
 * A list with its four states: on its way, failed, empty, there. A list that is there and could not be refreshed
 * stays, and says so. j and k go from row to row: each row's first link is its handle.
 */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { label, columns, rows, query } = props
  const frame = useRef<HTMLDivElement>(null)
  useRowKeys(frame)
  if (query.error !== null && rows === undefined) {
    return <Fault error={query.error} onRetry={() => void query.refetch()} />
  }
  // A sum that is not known yet is not zero.
  const hasSums = rows !== undefined && columns.some((column) => column.sum !== undefined)
  return (
    <>
      {query.error !== null && <Fault error={query.error} onRetry={() => void query.refetch()} />}
      <div className="table-frame" ref={frame} aria-busy={query.isFetching}>
        <table className="data-table">
          <caption className="visually-hidden">{label}</caption>
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column.key} scope="col" className={classOf(column)}>
                  {column.title}
                </th>
              ))}
            </tr>
            {hasSums && (
              <tr className="sum-row">
                {columns.map((column) => (
                  <td key={column.key} className={classOf(column)}>
                    {column.sum}
                  </td>
                ))}
              </tr>
            )}
          </thead>
          <TableBody {...props} />
        </table>
      </div>
    </>
  )
}

function TableBody<Row>({ columns, rows, rowKey, empty, isMarked }: DataTableProps<Row>) {
  if (rows === undefined) return <SkeletonRows columns={columns} />
  if (rows.length === 0) {
    return (
      <tbody>
        <tr>
          <td colSpan={columns.length} className="table-empty">
            {empty}
          </td>
        </tr>
      </tbody>
    )
  }
  return (
    <tbody>
      {rows.map((row) => (
        <tr key={rowKey(row)} className={isMarked?.(row) ? 'is-marked' : ''} data-row>
          {columns.map((column) => (
            <td key={column.key} className={classOf(column)}>
              {column.cell(row)}
            </td>
          ))}
        </tr>
      ))}
    </tbody>
  )
}

const SKELETON_ROWS = 10

function SkeletonRows<Row>({ columns }: { columns: readonly Column<Row>[] }) {
  const { t } = useTranslation('common')
  return (
    <tbody>
      {Array.from({ length: SKELETON_ROWS }, (_, row) => (
        <tr key={row} aria-hidden={row > 0}>
          {columns.map((column) => (
            <td key={column.key} className={classOf(column)}>
              {row === 0 && column === columns[0] && (
                <span className="visually-hidden">{t('problem.loading')}</span>
              )}
              <span className="bone" />
            </td>
          ))}
        </tr>
      ))}
    </tbody>
  )
}

const classOf = <Row,>({ isNumber, onWideOnly }: Column<Row>) =>
  `${isNumber ? 'is-number' : ''} ${onWideOnly ? 'on-wide-only' : ''}`.trim()
