import { keepPreviousData } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { Segmented } from 'antd'

import { Amount } from '../../web/Amount.tsx'
import { api } from '../api.ts'
import { type Column, DataTable } from '../list/DataTable.tsx'
import { Empty } from '../list/Empty.tsx'
import { Pager } from '../list/Pager.tsx'
import { StatusChip } from '../list/StatusChip.tsx'
import { pageOf } from '../list/use-list-figure.ts'
import { given, oneOf } from '../search/params.ts'
import { may, useStaff } from '../shell/staff.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import { BenefitTabs } from './BenefitTabs.tsx'
import { BudgetBar, promisedOf } from './BudgetBar.tsx'
import { PROGRAMME_STATUSES, type Programme } from './model.ts'
import type { ProgrammesSearch } from './search.ts'
import { LOOK_OF_PROGRAMME, useBenefitWords, useProgrammeName } from './words.ts'

const PAGE_ROWS = 50
const route = getRouteApi('/office/benefits')

/** Programmes with what their budgets have left, the newest first. */
export function ProgrammesPage() {
  const { t } = useBenefitWords()
  const staff = useStaff()
  const { hospitalId } = staff
  const { status, before } = route.useSearch()
  const navigate = route.useNavigate()
  usePageTitle(t('programmes.title'))
  const query = given({ status, before, limit: PAGE_ROWS })
  const list = api.query.useQuery(
    'get',
    '/v1/hospitals/{hospitalId}/benefit-programmes',
    { params: { path: { hospitalId }, query } },
    { placeholderData: keepPreviousData },
  )
  const rows = list.data?.items
  const show = (next: ProgrammesSearch) => void navigate({ search: next })
  const { last, pager } = pageOf(rows, { rowsOfPage: PAGE_ROWS, isFirst: before === undefined })
  const onClear = status === undefined ? undefined : () => show({})
  return (
    <div className="page page-list bank-list benefit-page">
      <header className="page-head">
        <h1>{t('programmes.title')}</h1>
        {may(staff, 'grantBenefits') && (
          <Link className="button-link" to="/benefits/new">
            {t('programmes.propose')}
          </Link>
        )}
      </header>
      <BenefitTabs at="programmes" />
      <div className="filters" role="group" aria-label={t('console:filters.label')}>
        <Segmented
          aria-label={t('status')}
          value={status ?? 'all'}
          options={(['all', ...PROGRAMME_STATUSES] as const).map((value) => ({
            value,
            label: t(`statuses.programme.${value}`),
          }))}
          onChange={(value) => show(given({ status: oneOf(PROGRAMME_STATUSES, value) }))}
        />
      </div>
      <DataTable
        label={t('programmes.title')}
        columns={useColumns()}
        rows={rows}
        rowKey={({ id }) => id}
        query={list}
        isMarked={(programme) => programme.status === 'proposed'}
        empty={<Empty text={t('programmes.empty')} onClear={onClear} />}
      />
      <Pager
        {...pager}
        onFirst={() => show(given({ status }))}
        onNext={() => last && show(given({ status, before: last.id }))}
      />
    </div>
  )
}

function useColumns(): Column<Programme>[] {
  const { t } = useBenefitWords()
  const nameOf = useProgrammeName()
  return [
    {
      key: 'name',
      title: t('programmes.name'),
      cell: ({ id, name, terms, funder, status }) => (
        <span className="two-lines">
          <Link to="/benefits/$programmeId" params={{ programmeId: id }}>
            {nameOf(name)}
          </Link>
          <span className="fine">
            {t(`kinds.${terms.kind}`)} · <span className="on-wide-only">{funder.name}</span>
            <span className="on-narrow-only">{t(`statuses.programme.${status}`)}</span>
          </span>
        </span>
      ),
    },
    {
      key: 'status',
      title: t('status'),
      onWideOnly: true,
      cell: ({ status }) => (
        <StatusChip {...LOOK_OF_PROGRAMME[status]} text={t(`statuses.programme.${status}`)} />
      ),
    },
    {
      key: 'period',
      title: t('programmes.period'),
      onWideOnly: true,
      cell: ({ startsOn, endsOn }) => (
        <span className="two-lines">
          <time dateTime={startsOn}>{startsOn}</time>
          <span className="fine">{t('programmes.until', { day: endsOn })}</span>
        </span>
      ),
    },
    { key: 'budget', title: t('budget.title'), cell: (row) => <BudgetCell programme={row} /> },
    {
      key: 'held',
      title: t('budget.held'),
      isNumber: true,
      onWideOnly: true,
      cell: ({ budget }) => budget && <Amount fen={promisedOf(budget)} />,
    },
    {
      key: 'free',
      title: t('budget.free'),
      isNumber: true,
      onWideOnly: true,
      cell: ({ budget }) => budget && <Amount fen={budget.freeFen} />,
    },
  ]
}

function BudgetCell({ programme: { budget } }: { programme: Programme }) {
  const { t } = useBenefitWords()
  if (!budget) return <span className="fine">{t('budget.none')}</span>
  return (
    <div className="budget-cell">
      <BudgetBar budget={budget} />
      <span className="fine">
        {t('budget.used')} <Amount fen={budget.usedFen} /> / <Amount fen={budget.allottedFen} />
      </span>
    </div>
  )
}
