import { keepPreviousData } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'

import { Amount } from '../../web/Amount.tsx'
import { Moment } from '../../web/Moment.tsx'
import { api } from '../api.ts'
import { shortPercentText } from '../channels/ratio.ts'
import { type Column, DataTable } from '../list/DataTable.tsx'
import { Empty } from '../list/Empty.tsx'
import { Pager } from '../list/Pager.tsx'
import { StatusChip } from '../list/StatusChip.tsx'
import { pageOf } from '../list/use-list-figure.ts'
import { given } from '../search/params.ts'
import { useStaff } from '../shell/staff.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import { DayCourse } from './DayCourse.tsx'
import { type LenderDay, ppmOf } from './model.ts'
import { LOOK_OF, useBankWords } from './words.ts'

const PAGE_ROWS = 31
const RUNNING_MS = 5_000
const route = getRouteApi('/office/bank/days')

/** The lender's day closes: how far each has come, what it accrued and what stands overdue after it. */
export function DaysPage() {
  const { t } = useBankWords()
  const { date: _date, ...search } = route.useSearch()
  const navigate = route.useNavigate()
  const { hospitalId: lenderId } = useStaff()
  usePageTitle(t('days.title'))
  const { day, before } = search
  const list = api.query.useQuery(
    'get',
    '/v1/credit/lenders/{lenderId}/days',
    { params: { path: { lenderId }, query: given({ before, limit: PAGE_ROWS }) } },
    {
      placeholderData: keepPreviousData,
      refetchInterval: ({ state }) =>
        state.data?.items.some(({ status }) => status === 'running') ? RUNNING_MS : false,
    },
  )
  const rows = list.data?.items
  const { last, pager } = pageOf(rows, { rowsOfPage: PAGE_ROWS, isFirst: before === undefined })
  const chosen = rows?.find(({ date }) => date === day) ?? rows?.[0]
  return (
    <div className="page">
      <header className="page-head">
        <h1>{t('days.title')}</h1>
        <p className="fine on-wide-only">{t('days.hint')}</p>
      </header>
      {chosen && <DayCourse key={chosen.date} day={chosen} />}
      <DataTable
        label={t('days.title')}
        columns={useColumns()}
        rows={rows}
        rowKey={({ date }) => date}
        query={list}
        isMarked={({ status }) => status === 'running'}
        empty={<Empty text={t('days.empty')} />}
      />
      <Pager
        {...pager}
        onFirst={() => void navigate({ search: {} })}
        onNext={() => last && void navigate({ search: { before: last.date } })}
      />
    </div>
  )
}

function useColumns(): Column<LenderDay>[] {
  const { t } = useBankWords()
  return [
    {
      key: 'date',
      title: t('days.date'),
      cell: ({ date }) => (
        <Link to="/bank/days" search={(search) => ({ ...search, day: date })}>
          {date}
        </Link>
      ),
    },
    { key: 'progress', title: t('days.progress'), cell: (row) => <Progress day={row} /> },
    {
      key: 'loans',
      title: t('days.loans'),
      isNumber: true,
      onWideOnly: true,
      cell: ({ loans }) => loans,
    },
    {
      key: 'accrued',
      title: t('days.accrued'),
      isNumber: true,
      cell: ({ interestFen, feeFen, penaltyFen }) => (
        <Amount fen={interestFen + feeFen + penaltyFen} />
      ),
    },
    {
      key: 'overdue',
      title: t('days.overdue'),
      isNumber: true,
      onWideOnly: true,
      cell: (row) => overdueOf(row)?.loans ?? '—',
    },
    {
      key: 'overdueFen',
      title: t('days.overdueFen'),
      isNumber: true,
      onWideOnly: true,
      cell: (row) => (
        <Amount fen={overdueOf(row)?.principalFen ?? null} reason={t('statuses.day.running')} />
      ),
    },
    {
      key: 'badDebt',
      title: t('days.badDebt'),
      isNumber: true,
      onWideOnly: true,
      cell: ({ portfolio }) => (portfolio ? shortPercentText(portfolio.badDebtPpm) : '—'),
    },
    {
      key: 'closed',
      title: t('days.closed'),
      onWideOnly: true,
      cell: ({ closedAt }) => <Moment at={closedAt} form="exact" />,
    },
  ]
}

/** All that is overdue at the end of the day; null while the day is not closed. */
function overdueOf({ portfolio }: LenderDay): { loans: number; principalFen: number } | null {
  if (!portfolio) return null
  const late = portfolio.buckets.filter(({ name }) => name !== 'current')
  return {
    loans: late.reduce((sum, { loans }) => sum + loans, 0),
    principalFen: late.reduce((sum, { principalFen }) => sum + principalFen, 0),
  }
}

function Progress({ day }: { day: LenderDay }) {
  const { t } = useBankWords()
  const { hospitalId: lenderId } = useStaff()
  const isRunning = day.status === 'running'
  const { data } = api.query.useQuery(
    'get',
    '/v1/credit/lenders/{lenderId}/portfolio',
    { params: { path: { lenderId } } },
    { enabled: isRunning },
  )
  const chip = <StatusChip {...LOOK_OF.day[day.status]} text={t(`statuses.day.${day.status}`)} />
  if (!isRunning || !data) return chip
  const all = Math.max(day.loans, data.now.openLoans)
  return (
    <span className="bank-share">
      {chip}
      <progress
        max={1_000_000}
        value={ppmOf(day.loans, all)}
        aria-label={t('days.done', { done: day.loans, all })}
      />
      <span className="fine">{t('days.done', { done: day.loans, all })}</span>
    </span>
  )
}
