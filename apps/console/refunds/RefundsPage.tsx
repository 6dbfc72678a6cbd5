import { getRouteApi, Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

import type { Refund } from '../../../contract/client.ts'
import type { HospitalId, Id } from '../../../kernel/id.ts'
import { tradeNoOf } from '../../../kernel/trade-no.ts'
import { Amount } from '../../web/Amount.tsx'
import { Moment } from '../../web/Moment.tsx'
import { api } from '../api.ts'
import { type Column, DataTable } from '../list/DataTable.tsx'
import { Empty } from '../list/Empty.tsx'
import { ExportButton } from '../list/ExportButton.tsx'
import { Pager } from '../list/Pager.tsx'
import { StatusChip } from '../list/StatusChip.tsx'
import { sumFen } from '../list/sums.ts'
import { pageOf, useListFigure } from '../list/use-list-figure.ts'
import { Whole } from '../list/Whole.tsx'
import { isRefundRunning, shortNo, useReasonText } from '../payments/words.ts'
import { dropCursors, type RefundsSearch } from '../search/params.ts'
import { useBusinessDate } from '../shell/DatePicker.tsx'
import { useStaff } from '../shell/staff.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import { figureOfRefunds } from '../today/figures.ts'
import { useRefundRequests } from './approvals/use-requests.ts'
import { cellsOf, headsOf } from './csv.ts'
import { everyRefund, PAGE_ROWS, queryOf } from './read.ts'
import { RefundFilters } from './RefundFilters.tsx'
import { LOOK_OF_REFUND, useRefundReason } from './words.ts'

const route = getRouteApi('/office/refunds')

/** Whatever goes back to payers, by whatever filter the URL holds, with its sum at the top. */
export function RefundsPage() {
  const { t } = useTranslation()
  const { date: _date, ...search } = route.useSearch()
  const navigate = route.useNavigate()
  const date = useBusinessDate()
  const { hospitalId } = useStaff()
  const reasonOf = useRefundReason()
  usePageTitle(t('menu.refunds'))
  const filter = queryOf(search, date)
  const cursor = search.before === undefined ? {} : { before: search.before }
  const list = api.query.useQuery('get', '/v1/hospitals/{hospitalId}/refunds', {
    params: { path: { hospitalId }, query: { ...filter, ...cursor, limit: PAGE_ROWS } },
  })
  const show = (next: RefundsSearch) => void navigate({ search: next })
  const rows = list.data?.items
  const isFirst = search.before === undefined
  const { isWhole, last, pager } = pageOf(rows, { rowsOfPage: PAGE_ROWS, isFirst })
  const every = (most: number, onLimit: () => void) =>
    everyRefund(hospitalId, filter, most, onLimit)
  const chosen = dropCursors(search)
  return (
    <div className="page page-list">
      <header className="page-head">
        <h1>{t('menu.refunds')}</h1>
        <div className="page-head-actions">
          <WaitingLink />
          <ExportButton
            fileName={`refunds-${date}.csv`}
            heads={headsOf(t)}
            cellsOf={(row: Refund) =>
              cellsOf(t, row, { paymentNo: paymentNoOf(hospitalId, row), reason: reasonOf(row) })
            }
            rows={every}
          />
        </div>
      </header>
      <RefundFilters search={search} onChange={show} />
      <Whole
        key={JSON.stringify(filter)}
        isReady={rows !== undefined}
        known={isWhole && rows ? { count: rows.length, amountFen: sumFen(rows, amountOf) } : null}
        figure={useListFigure((day) => figureOfRefunds(day, search))}
        amountOf={amountOf}
        rows={every}
      />
      <DataTable
        label={t('menu.refunds')}
        columns={useColumns(rows ?? [])}
        rows={rows}
        rowKey={({ id }) => id}
        query={list}
        isMarked={(row) => row.attention !== null && isRefundRunning(row)}
        empty={
          <Empty
            text={t('refunds.empty')}
            onClear={Object.keys(chosen).length > 0 ? () => show({}) : undefined}
          />
        }
      />
      <Pager
        {...pager}
        onFirst={() => show(chosen)}
        onNext={() => last && show({ ...search, before: last.id })}
      />
    </div>
  )
}

const MOST_COUNTED = 50

/** How many refunds wait for a second person. */
function WaitingLink() {
  const { t } = useTranslation()
  const { data } = useRefundRequests({ status: ['waiting'], limit: MOST_COUNTED })
  const count = data?.items.length ?? 0
  return (
    <Link to="/refunds/approvals" className={count > 0 ? 'chip chip-held' : 'chip chip-plain'}>
      {t('approvals.link')} {count === MOST_COUNTED ? `${count}+` : count}
    </Link>
  )
}

const amountOf = ({ amountFen }: Refund) => amountFen

/** The number of the payment that a refund is of. */
const paymentNoOf = (hospitalId: number, { paymentId }: Refund) =>
  tradeNoOf(hospitalId as HospitalId, paymentId as Id<'Payment'>)

function useColumns(rows: readonly Refund[]): Column<Refund>[] {
  const { t } = useTranslation()
  const { hospitalId } = useStaff()
  const reasonOf = useRefundReason()
  return [
    {
      key: 'payment',
      title: t('refunds.paymentAndBill'),
      sum: t('sum.page', { count: rows.length }),
      cell: (row) => {
        const paymentNo = paymentNoOf(hospitalId, row)
        return (
          <span className="two-lines">
            <Link to="/payments/$paymentId" params={{ paymentId: row.paymentId }} title={paymentNo}>
              <code>{shortNo(paymentNo)}</code>
            </Link>
            <span className="fine">
              {row.billNo ? <code>{row.billNo}</code> : t('refunds.wholePayment')}{' '}
              {row.lineNos.length > 0 && t('refunds.lines', { lines: row.lineNos.join(', ') })}
            </span>
          </span>
        )
      },
    },
    {
      key: 'status',
      title: t('payments.status'),
      sum: '',
      cell: ({ status }) => (
        <StatusChip {...LOOK_OF_REFUND[status]} text={t(`refunds.statuses.${status}`)} />
      ),
    },
    {
      key: 'cause',
      title: t('refunds.causeAndReason'),
      sum: '',
      cell: (row) => (
        <span className="two-lines">
          {t(`refunds.causes.${row.cause}`)}
          <span className="fine">{reasonOf(row)}</span>
        </span>
      ),
    },
    {
      key: 'times',
      title: t('refunds.times'),
      sum: '',
      cell: (row) => <Times refund={row} />,
    },
    {
      key: 'amount',
      title: t('payments.total'),
      isNumber: true,
      sum: <Amount fen={sumFen(rows, amountOf)} flow="out" />,
      cell: (row) => <Amount fen={row.amountFen} flow="out" />,
    },
    {
      key: 'attention',
      title: t('payments.attention'),
      sum: '',
      cell: (row) => <Remark refund={row} />,
    },
  ]
}

function Times({ refund: { createdAt, returnedAt } }: { refund: Refund }) {
  const { t } = useTranslation()
  return (
    <span className="two-lines">
      <Moment at={createdAt} form="exact" />
      <span className="fine">
        {returnedAt ? (
          <>
            {t('refunds.returnedAt')} <Moment at={returnedAt} form="exact" />
          </>
        ) : (
          t('refunds.notReturned')
        )}
      </span>
    </span>
  )
}

/** What waits for a person, or why the hospital would not have it. */
function Remark({ refund }: { refund: Refund }) {
  const reasonText = useReasonText()
  const waiting = isRefundRunning(refund) ? refund.attention : null
  return <span className="remark">{reasonText(waiting ?? refund.refusalCode) || '—'}</span>
}
