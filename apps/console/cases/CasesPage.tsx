import { getRouteApi, Link } from '@tanstack/react-router'
import { Segmented } from 'antd'
import { useTranslation } from 'react-i18next'

import { Amount } from '../../web/Amount.tsx'
import { api } from '../api.ts'
import { useCaseReason } from '../cross-checks/words.ts'
import { type Column, DataTable } from '../list/DataTable.tsx'
import { Empty } from '../list/Empty.tsx'
import { Pager } from '../list/Pager.tsx'
import { StatusChip } from '../list/StatusChip.tsx'
import { sumFen } from '../list/sums.ts'
import { type Case, CASE_CLASSES, CASE_VIEWS } from '../search/choices.ts'
import { type CasesSearch, oneOf } from '../search/params.ts'
import { useStaff } from '../shell/staff.ts'
import { useProviderName } from '../shell/use-names.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import { Ageing } from './Ageing.tsx'
import { Deadline } from './Deadline.tsx'
import { useActorName } from './words.ts'

const PAGE_ROWS = 50
const REFRESH_MS = 30_000

const route = getRouteApi('/office/cases')

/** What needs a person: the open ones first, as that is what one comes for. */
export function CasesPage() {
  const { t } = useTranslation()
  const { date: _date, ...search } = route.useSearch()
  const navigate = route.useNavigate()
  const { hospitalId } = useStaff()
  usePageTitle(t('menu.cases'))
  const list = api.query.useQuery(
    'get',
    '/v1/hospitals/{hospitalId}/reconciliation/cases',
    { params: { path: { hospitalId }, query: queryOf(search) } },
    { refetchInterval: REFRESH_MS },
  )
  const show = (next: CasesSearch) => void navigate({ search: next })
  const { before: _before, ...filter } = search
  const rows = list.data?.items
  const last = rows?.at(-1)
  return (
    <div className="page page-list">
      <header className="page-head">
        <h1>{t('menu.cases')}</h1>
      </header>
      <Ageing chosen={search.age} onChoose={(age) => show(age ? { age } : {})} />
      <CaseFilters search={filter} onChange={show} />
      <DataTable
        label={t('menu.cases')}
        columns={useColumns(rows ?? [])}
        rows={rows}
        rowKey={({ id }) => id}
        query={list}
        isMarked={({ isOverdue }) => isOverdue}
        empty={<Empty text={t(search.status === undefined ? 'cases.noneOpen' : 'cases.none')} />}
      />
      <Pager
        shown={rows?.length}
        hasMore={rows?.length === PAGE_ROWS}
        isFirst={search.before === undefined}
        onFirst={() => show(filter)}
        onNext={() => last && show({ ...search, before: last.id })}
      />
    </div>
  )
}

function queryOf({ status = 'open', ...search }: CasesSearch) {
  return { ...search, ...(status === 'any' ? {} : { status }), limit: PAGE_ROWS }
}

type CaseFiltersProps = { search: CasesSearch; onChange: (search: CasesSearch) => void }

function CaseFilters({ search, onChange }: CaseFiltersProps) {
  const { t } = useTranslation()
  const { status, class: cls, age } = search
  const withStatus = { ...(status ? { status } : {}), ...(age ? { age } : {}) }
  const withClass = cls ? { class: cls } : {}
  return (
    <div className="filters" role="group" aria-label={t('filters.label')}>
      <Segmented
        aria-label={t('payments.status')}
        value={status ?? 'open'}
        options={CASE_VIEWS.map((value) => ({ value, label: t(`cases.statuses.${value}`) }))}
        onChange={(value) => {
          const chosen = oneOf(CASE_VIEWS, value)
          onChange({ ...withClass, ...(chosen && chosen !== 'open' ? { status: chosen } : {}) })
        }}
      />
      <div className="choices" role="group" aria-label={t('reconciliation.class')}>
        {CASE_CLASSES.map((each) => (
          <button
            key={each}
            type="button"
            className="chip"
            aria-pressed={each === cls}
            onClick={() => onChange({ ...withStatus, ...(each === cls ? {} : { class: each }) })}
          >
            {t(`cases.classes.${each}`)}
          </button>
        ))}
      </div>
    </div>
  )
}

function useColumns(rows: readonly Case[]): Column<Case>[] {
  const { t } = useTranslation()
  const nameOf = useProviderName()
  const actorName = useActorName()
  const reasonText = useCaseReason()
  return [
    {
      key: 'class',
      title: t('cases.what'),
      sum: t('sum.page', { count: rows.length }),
      cell: ({ id, class: cls }) => (
        <Link to="/cases/$caseId" params={{ caseId: id }}>
          {t(`cases.classes.${cls}`)}
        </Link>
      ),
    },
    {
      key: 'status',
      title: t('payments.status'),
      sum: '',
      cell: (row) => <CaseChip known={row} />,
    },
    { key: 'date', title: t('moves.businessDate'), sum: '', cell: ({ date }) => date },
    {
      key: 'source',
      title: t('reconciliation.source'),
      sum: '',
      cell: ({ source }) => (source ? nameOf(source) : '—'),
    },
    {
      key: 'reason',
      title: t('refunds.reason'),
      sum: '',
      cell: (row) => reasonText(row),
    },
    {
      key: 'owner',
      title: t('cases.owner'),
      sum: '',
      cell: ({ owner }) =>
        owner ? actorName(owner) : <span className="fine">{t('cases.noOwner')}</span>,
    },
    { key: 'due', title: t('cases.due'), sum: '', cell: (row) => <Deadline {...row} /> },
    {
      key: 'amount',
      title: t('cases.atStake'),
      isNumber: true,
      sum: <Amount fen={sumFen(rows, ({ amountFen }) => amountFen)} />,
      cell: ({ amountFen }) => <Amount fen={amountFen} />,
    },
  ]
}

export function CaseChip({ known: { status, resolution } }: { known: Case }) {
  const { t } = useTranslation()
  if (status === 'open') {
    return <StatusChip tone="held" icon="clock" text={t('cases.statuses.open')} />
  }
  return (
    <StatusChip
      tone="good"
      icon="check"
      text={t(`cases.resolutions.${resolution ?? 'ended'}`, {
        defaultValue: t('cases.statuses.resolved'),
      })}
    />
  )
}
