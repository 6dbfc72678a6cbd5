import type { FinanceDay } from '../../../contract/client.ts'
import { api } from '../api.ts'
import { useBusinessDate } from '../shell/DatePicker.tsx'
import { may, useStaff } from '../shell/staff.ts'
import type { FigureOfRows } from './Whole.tsx'

/** The figure of the chosen day that a list's filter spells out; null where there is none, or who looks reads none. */
export function useListFigure(
  figureIn: (day: FinanceDay) => { count: number; amountFen: number | null } | null,
): FigureOfRows | null {
  const date = useBusinessDate()
  const staff = useStaff()
  const { hospitalId } = staff
  const { data } = api.query.useQuery(
    'get',
    '/v1/hospitals/{hospitalId}/finance/days/{date}',
    { params: { path: { hospitalId, date } } },
    { enabled: may(staff, 'readFinance') },
  )
  const figure = data ? figureIn(data) : null
  if (figure === null || figure.amountFen === null) return null
  return { count: figure.count, amountFen: figure.amountFen }
}

/** Where a page of a list stands, by its rows: `isWhole` when there is no other page. */
export function pageOf<Row>(
  rows: readonly Row[] | undefined,
  { rowsOfPage, isFirst }: { rowsOfPage: number; isFirst: boolean },
) {
  const isFull = rows?.length === rowsOfPage
  return {
    isWhole: rows !== undefined && !isFull && isFirst,
    last: rows?.at(-1),
    pager: { shown: rows?.length, hasMore: isFull, isFirst },
  }
}
