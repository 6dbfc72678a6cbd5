import { getRouteApi, Link } from '@tanstack/react-router'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'

import type { Payment } from '../../../contract/client.ts'
import { Amount } from '../../web/Amount.tsx'
import { Moment } from '../../web/Moment.tsx'
import { PARTS, partsOf } from '../../web/tenders.ts'
import { api } from '../api.ts'
import { type Column, DataTable } from '../list/DataTable.tsx'
import { Empty } from '../list/Empty.tsx'
import { ExportButton } from '../list/ExportButton.tsx'
import { Pager } from '../list/Pager.tsx'
import { sumFen } from '../list/sums.ts'
import { pageOf, useListFigure } from '../list/use-list-figure.ts'
import { Whole } from '../list/Whole.tsx'
import type { PaymentsSearch } from '../search/params.ts'
import { useBusinessDate } from '../shell/DatePicker.tsx'
import { useStaff } from '../shell/staff.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import { figureOfList } from '../today/figures.ts'
import { cellsOf, headsOf, movedOf } from './csv.ts'
import { Filters } from './Filters.tsx'
import { PaymentChip } from './PaymentChip.tsx'
import { everyPayment, PAGE_ROWS, queryOf } from './read.ts'
import { attentionOf, shortNo, useReasonText } from './words.ts'

const route = getRouteApi('/office/payments')

/** Payments by whatever filter the URL holds, with their sum at the top. */
export function PaymentsPage() {
  const { t } = useTranslation()
  const { date: _date, ...search } = route.useSearch()
  const navigate = route.useNavigate()
  const date = useBusinessDate()
  const { hospitalId } = useStaff()
  usePageTitle(t('menu.payments'))
  const filter = queryOf(search, date)
  const cursor = search.before === undefined ? {} : { before: search.before }
  const list = api.query.useQuery('get', '/v1/hospitals/{hospitalId}/payments', {
    params: { path: { hospitalId }, query: { ...filter, ...cursor, limit: PAGE_ROWS } },
  })
  const show = (next: PaymentsSearch) => void navigate({ search: next })
  const rows = list.data?.items
  const isFirst = search.before === undefined
  const { isWhole, last, pager } = pageOf(rows, { rowsOfPage: PAGE_ROWS, isFirst })
  const every = (most: number, onLimit: () => void) =>
    everyPayment(hospitalId, filter, most, onLimit)
  const sumOf = amountOfList(search)
  return (
    <div className="page page-list">
      <header className="page-head">
        <h1>{t('menu.payments')}</h1>
        <ExportButton
          fileName={`payments-${date}.csv`}
          heads={headsOf(t)}
          cellsOf={(payment: Payment) => cellsOf(t, payment)}
          rows={every}
        />
      </header>
      <Filters search={search} onChange={show} />
      <Whole
        key={JSON.stringify(filter)}
        isReady={rows !== undefined}
        known={isWhole && rows ? { count: rows.length, amountFen: sumFen(rows, sumOf) } : null}
        figure={useListFigure((day) => figureOfList(day, search))}
        amountOf={sumOf}
        rows={every}
      />
      <DataTable
        label={t('menu.payments')}
        columns={useColumns(rows ?? [])}
        rows={rows}
        rowKey={({ id }) => id}
        query={list}
        isMarked={(row) => attentionOf(row) !== null}
        empty={
          <Empty
            text={t('payments.empty')}
            onClear={hasFilter(search) ? () => show({}) : undefined}
          />
        }
      />
      <Pager
        {...pager}
        onFirst={() => show(withoutCursor(search))}
        onNext={() => last && show({ ...search, before: last.id })}
      />
    </div>
  )
}

/** What a list adds up to is what it was asked for: money in transit, or else the bills paid. */
const amountOfList = (search: PaymentsSearch) =>
  search.inTransit ? (row: Payment) => row.inTransitFen : (row: Payment) => row.totalFen

function useColumns(rows: readonly Payment[]): Column<Payment>[] {
  const { t } = useTranslation()
  const reasonText = useReasonText()
  return [
    {
      key: 'no',
      title: t('payments.noAndVisit'),
      sum: t('sum.page', { count: rows.length }),
      cell: ({ id, paymentNo, visitNo }) => (
        <span className="two-lines">
          <Link to="/payments/$paymentId" params={{ paymentId: id }} title={paymentNo}>
            <code>{shortNo(paymentNo)}</code>
          </Link>
          <code className="fine">{visitNo}</code>
        </span>
      ),
    },
    {
      key: 'status',
      title: t('payments.status'),
      sum: '',
      cell: (row) => <PaymentChip payment={row} />,
    },
    {
      key: 'bills',
      title: t('payments.bills'),
      sum: '',
      cell: ({ bills }) => (
        <span className="two-lines">
          {bills.map(({ title }) => title).join('、')}
          <code className="fine">{bills.map(({ billNo }) => billNo).join(' ')}</code>
        </span>
      ),
    },
    {
      key: 'times',
      title: t('payments.times'),
      sum: '',
      cell: ({ createdAt, paidAt }) => (
        <span className="two-lines">
          <Moment at={createdAt} form="exact" />
          <span className="fine">
            {paidAt ? (
              <>
                {t('payments.paid')} <Moment at={paidAt} form="exact" />
              </>
            ) : (
              t('payments.notPaid')
            )}
          </span>
        </span>
      ),
    },
    ...moneyColumns(t, rows),
    {
      key: 'attention',
      title: t('payments.attention'),
      sum: '',
      cell: (row) => (
        <span className="remark">{reasonText(attentionOf(row) ?? row.failureCode) || '—'}</span>
      ),
    },
  ]
}

function moneyColumns(t: TFunction, rows: readonly Payment[]): Column<Payment>[] {
  const partFen = (row: Payment, kind: string) =>
    partsOf(row.tenders).find((part) => part.kind === kind)?.amountFen ?? 0
  return [
    ...PARTS.map((kind) => ({
      key: kind,
      title: t('payments.planned', { part: t(`parts.${kind}`) }),
      isNumber: true,
      onWideOnly: true,
      sum: <Amount fen={sumFen(rows, (row) => partFen(row, kind))} />,
      cell: (row: Payment) => <Amount fen={partFen(row, kind)} />,
    })),
    {
      key: 'total',
      title: t('payments.total'),
      isNumber: true,
      sum: <Amount fen={sumFen(rows, (row) => row.totalFen)} />,
      cell: ({ totalFen }) => <Amount fen={totalFen} />,
    },
    {
      key: 'net',
      title: t('payments.net'),
      isNumber: true,
      onWideOnly: true,
      sum: <Amount fen={sumFen(rows, netFen)} />,
      cell: (row) => <Amount fen={netFen(row)} />,
    },
    {
      key: 'inTransit',
      title: t('payments.inTransit'),
      isNumber: true,
      sum: <Amount fen={sumFen(rows, (row) => row.inTransitFen)} />,
      cell: ({ inTransitFen }) =>
        inTransitFen === 0 ? <Amount fen={0} /> : <Amount fen={inTransitFen} flow="held" />,
    },
  ]
}

/** Taken and not given back, by the providers' own words. */
function netFen(payment: Payment): number {
  const { takenFen, returnedFen } = movedOf(payment)
  return takenFen - returnedFen
}

const withoutCursor = ({ before: _before, ...search }: PaymentsSearch): PaymentsSearch => search

const hasFilter = (search: PaymentsSearch) => Object.keys(withoutCursor(search)).length > 0
