import { keepPreviousData } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { Segmented } from 'antd'

import { Amount } from '../../web/Amount.tsx'
import { api } from '../api.ts'
import { type Column, DataTable } from '../list/DataTable.tsx'
import { Empty } from '../list/Empty.tsx'
import { Pager } from '../list/Pager.tsx'
import { StatusChip } from '../list/StatusChip.tsx'
import { sumFen } from '../list/sums.ts'
import { pageOf } from '../list/use-list-figure.ts'
import { given, oneOf } from '../search/params.ts'
import { useStaff } from '../shell/staff.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import { AccountFilter } from './AccountFilter.tsx'
import { AccountName, LoanChip } from './loan-parts.tsx'
import { BUCKETS, type LenderLoan, LOAN_STATUSES } from './model.ts'
import { useHospitalName } from './names.ts'
import type { LoansSearch } from './search.ts'
import { useBankWords } from './words.ts'

const PAGE_ROWS = 50
const route = getRouteApi('/office/bank/loans')

/** Loans by state, days overdue and account, the newest first. */
export function LoansPage() {
  const { t } = useBankWords()
  const { date: _date, ...search } = route.useSearch()
  const navigate = route.useNavigate()
  const { hospitalId: lenderId } = useStaff()
  usePageTitle(t('loans.title'))
  const { account, before, ...filter } = search
  const query = given({ ...filter, accountNo: account, before, limit: PAGE_ROWS })
  const list = api.query.useQuery(
    'get',
    '/v1/credit/lenders/{lenderId}/loans',
    { params: { path: { lenderId }, query } },
    { placeholderData: keepPreviousData },
  )
  const show = (next: LoansSearch) => void navigate({ search: next })
  const rows = list.data?.items
  const { last, pager } = pageOf(rows, { rowsOfPage: PAGE_ROWS, isFirst: before === undefined })
  const { before: _before, ...rest } = search
  const isFiltered = Object.keys(rest).length > 0
  return (
    <div className="page page-list bank-list">
      <header className="page-head">
        <h1>{t('loans.title')}</h1>
      </header>
      <Filters search={rest} onChange={show} />
      <DataTable
        label={t('loans.title')}
        columns={useColumns(rows ?? [])}
        rows={rows}
        rowKey={({ loanId }) => loanId}
        query={list}
        isMarked={({ writeOff, status }) => status === 'open' && writeOff === 'proposed'}
        empty={<Empty text={t('loans.empty')} onClear={isFiltered ? () => show({}) : undefined} />}
      />
      <Pager
        {...pager}
        onFirst={() => show(rest)}
        onNext={() => last && show({ ...rest, before: last.loanId })}
      />
    </div>
  )
}

type FiltersProps = { search: LoansSearch; onChange: (search: LoansSearch) => void }

function Filters({ search, onChange }: FiltersProps) {
  const { t } = useBankWords()
  const { status, bucket, account, proposed } = search
  return (
    <div className="filters" role="group" aria-label={t('console:filters.label')}>
      <Segmented
        aria-label={t('status')}
        value={status ?? 'all'}
        options={['all', ...LOAN_STATUSES].map((value) => ({
          value,
          label: t(value === 'all' ? 'statuses.all' : `statuses.loan.${value}`),
        }))}
        onChange={(value) => onChange(given({ status: oneOf(LOAN_STATUSES, value), account }))}
      />
      <div className="choices" role="group" aria-label={t('loans.bucketsLabel')}>
        {BUCKETS.map((each) => (
          <button
            key={each}
            type="button"
            className="chip"
            aria-pressed={each === bucket}
            onClick={() => onChange(given({ account, bucket: each === bucket ? undefined : each }))}
          >
            {t(`buckets.${each}`)}
          </button>
        ))}
        <button
          type="button"
          className="chip"
          aria-pressed={proposed === true}
          onClick={() =>
            onChange(given({ account, proposed: proposed ? undefined : (true as const) }))
          }
        >
          {t('loans.proposed')}
        </button>
      </div>
      <AccountFilter
        key={account ?? ''}
        account={account}
        onChange={(next) => {
          const { account: _account, ...rest } = search
          onChange(given({ ...rest, account: next }))
        }}
      />
    </div>
  )
}

function useColumns(rows: readonly LenderLoan[]): Column<LenderLoan>[] {
  const { t } = useBankWords()
  const hospitalName = useHospitalName()
  const withSum = rows.length > 0
  return [
    {
      key: 'account',
      title: t('account.no'),
      ...(withSum ? { sum: t('console:sum.page', { count: rows.length }) } : {}),
      cell: ({ loanId, accountNo }) => (
        <Link to="/bank/loans/$loanId" params={{ loanId }}>
          <AccountName accountNo={accountNo} />
        </Link>
      ),
    },
    {
      key: 'status',
      title: t('status'),
      cell: (loan) => (
        <span className="two-lines">
          <LoanChip loan={loan} />
          {loan.status === 'open' && loan.writeOff === 'proposed' && (
            <StatusChip tone="held" icon="alert" text={t('loans.waits')} />
          )}
        </span>
      ),
    },
    {
      key: 'hospital',
      title: t('hospital'),
      onWideOnly: true,
      cell: ({ hospitalId }) => hospitalName(hospitalId),
    },
    {
      key: 'way',
      title: t('way'),
      onWideOnly: true,
      cell: ({ way, periods }) => (
        <>
          {t(`ways.${way}`)}{' '}
          {periods > 1 && <span className="fine">{t('periods', { count: periods })}</span>}
        </>
      ),
    },
    { key: 'opened', title: t('loans.openedOn'), onWideOnly: true, cell: (loan) => loan.openedOn },
    {
      key: 'due',
      title: t('loans.nextDue'),
      onWideOnly: true,
      cell: ({ nextDueOn, status }) => (status === 'open' ? (nextDueOn ?? '—') : '—'),
    },
    {
      key: 'principal',
      title: t('principal'),
      isNumber: true,
      onWideOnly: true,
      ...(withSum ? { sum: <Amount fen={sumFen(rows, (loan) => loan.principalFen)} /> } : {}),
      cell: ({ principalFen }) => <Amount fen={principalFen} />,
    },
    {
      key: 'owed',
      title: t('loans.owed'),
      isNumber: true,
      ...(withSum ? { sum: <Amount fen={sumFen(rows, (loan) => loan.owedFen)} /> } : {}),
      cell: ({ owedFen }) => <Amount fen={owedFen} />,
    },
  ]
}
