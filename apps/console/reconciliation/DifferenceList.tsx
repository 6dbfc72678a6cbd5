import { getRouteApi } from '@tanstack/react-router'
import { Button, Segmented } from 'antd'
import { useTranslation } from 'react-i18next'

import { api } from '../api.ts'
import { DataTable } from '../list/DataTable.tsx'
import { Empty } from '../list/Empty.tsx'
import { Pager } from '../list/Pager.tsx'
import { everyRow } from '../list/pages.ts'
import { sumFen } from '../list/sums.ts'
import { type FigureOfRows, Whole } from '../list/Whole.tsx'
import { type Difference, DIFFERENCE_CLASSES, DIFFERENCE_STATUSES } from '../search/choices.ts'
import { oneOf, type ReconciledDaySearch } from '../search/params.ts'
import { Icon } from '../shell/Icon.tsx'
import { useStaff } from '../shell/staff.ts'
import { useProviderName } from '../shell/use-names.ts'
import { useDifferenceColumns } from './difference-columns.tsx'
import { ExportLinks } from './ExportLinks.tsx'
import { type DayDetail, gapFen, LOOK_OF_DIFFERENCE } from './words.ts'

const PAGE_ROWS = 100
const STREAMED_ROWS = 500 // the most the hub gives at once

const route = getRouteApi('/office/reconciliation/day')

/** The day's differences, by whatever filter the URL holds. */
export function DifferenceList({ day }: { day: DayDetail }) {
  const { t } = useTranslation()
  const { date: _date, view: _view, version: _version, ...search } = route.useSearch()
  const navigate = route.useNavigate()
  const { hospitalId } = useStaff()
  const { after: _after, ...filter } = search
  const path = { hospitalId, date: day.date }
  const list = api.query.useQuery(
    'get',
    '/v1/hospitals/{hospitalId}/reconciliation/days/{date}/differences',
    { params: { path, query: { ...search, limit: PAGE_ROWS } } },
  )
  const show = (next: ReconciledDaySearch) =>
    void navigate({ search: { view: 'differences', ...next } })
  const rows = list.data?.items
  const last = rows?.at(-1)
  const isWhole = rows !== undefined && rows.length < PAGE_ROWS && search.after === undefined
  const hasFilter = Object.keys(filter).length > 0
  return (
    <div className="list">
      <DifferenceFilters day={day} search={filter} onChange={show} />
      <Whole
        key={JSON.stringify({ ...filter, date: day.date })}
        isReady={rows !== undefined}
        known={isWhole ? { count: rows.length, amountFen: sumFen(rows, gapFen) } : null}
        figure={gapFigure(day, filter)}
        amountOf={gapFen}
        rows={(most, onLimit) => everyDifference(path, filter, most, onLimit)}
      />
      <ExportLinks
        path={`/v1/hospitals/${hospitalId}/reconciliation/days/${day.date}/differences`}
        filter={filter}
      />
      <DataTable
        label={t('figures.differences.name')}
        columns={useDifferenceColumns(rows ?? [])}
        rows={rows}
        rowKey={({ id }) => id}
        query={list}
        isMarked={({ status }) => LOOK_OF_DIFFERENCE[status].tone === 'held'}
        empty={
          <Empty
            text={t(hasFilter ? 'reconciliation.noneMatch' : 'reconciliation.noDifference')}
            onClear={hasFilter ? () => show({}) : undefined}
          />
        }
      />
      <Pager
        shown={rows?.length}
        hasMore={rows?.length === PAGE_ROWS}
        isFirst={search.after === undefined}
        onFirst={() => show(filter)}
        onNext={() => last && show({ ...search, after: last.id })}
      />
    </div>
  )
}

type Filter = Omit<ReconciledDaySearch, 'view' | 'version' | 'after'>

/** The gap of one class in the identity of a party, where the filter spells it out; its amount is what the rows add up to. */
function gapFigure(
  day: DayDetail,
  { source, kind, class: cls, present, status }: Filter,
): FigureOfRows | null {
  if (!source || !kind || !cls || !present || status) return null
  const identity = day.sources
    .find((each) => each.source === source)
    ?.comparison?.identity.find((each) => each.kind === kind)
  if (!identity) return null
  const gap = identity.gaps.find((each) => each.class === cls)
  return { count: null, amountFen: gap?.amountFen ?? 0 }
}

const everyDifference = (
  path: { hospitalId: number; date: string },
  filter: Filter,
  most: number,
  onLimit: () => void,
) =>
  everyRow<Difference, string>({
    limit: STREAMED_ROWS,
    most,
    onLimit,
    cursorOf: ({ id }) => id,
    page: async (after, limit) => {
      const query = { ...filter, limit, ...(after === undefined ? {} : { after }) }
      const { data, error } = await api.client.GET(
        '/v1/hospitals/{hospitalId}/reconciliation/days/{date}/differences',
        { params: { path, query } },
      )
      if (error) throw error
      return data.items
    },
  })

type DifferenceFiltersProps = {
  day: DayDetail
  search: Filter
  onChange: (search: ReconciledDaySearch) => void
}

function DifferenceFilters({ day, search, onChange }: DifferenceFiltersProps) {
  const { t } = useTranslation()
  const nameOf = useProviderName()
  const { source, class: cls, status } = search
  const count = (each: string) => {
    const found = day.classes.find((c) => c.class === each)
    return found
      ? found.found + found.repairing + found.repaired + found.explained + found.inCase
      : 0
  }
  const change = (name: keyof Filter, value: string | undefined) => {
    const { [name]: _old, ...others } = search as Record<string, unknown>
    onChange((value === undefined ? others : { ...others, [name]: value }) as ReconciledDaySearch)
  }
  return (
    <div className="filters" role="group" aria-label={t('filters.label')}>
      <Segmented
        aria-label={t('reconciliation.source')}
        value={source ?? 'any'}
        options={[
          { value: 'any', label: t('filters.any') },
          ...day.sources.map((each) => ({ value: each.source, label: nameOf(each.source) })),
        ]}
        onChange={(value) => change('source', value === 'any' ? undefined : value)}
      />
      <div className="choices" role="group" aria-label={t('reconciliation.class')}>
        {DIFFERENCE_CLASSES.filter((each) => count(each) > 0 || each === cls).map((each) => (
          <button
            key={each}
            type="button"
            className="chip"
            aria-pressed={each === cls}
            onClick={() => change('class', each === cls ? undefined : each)}
          >
            {t(`reconciliation.classes.${each}`)} {count(each)}
          </button>
        ))}
      </div>
      <div className="choices" role="group" aria-label={t('payments.status')}>
        {DIFFERENCE_STATUSES.map((each) => (
          <button
            key={each}
            type="button"
            className="chip"
            aria-pressed={each === status}
            onClick={() =>
              change('status', each === status ? undefined : oneOf(DIFFERENCE_STATUSES, each))
            }
          >
            <Icon name={LOOK_OF_DIFFERENCE[each].icon} />
            {t(`reconciliation.differenceStatuses.${each}`)}
          </button>
        ))}
      </div>
      {Object.keys(search).length > 0 && (
        <Button type="link" onClick={() => onChange({})}>
          {t('filters.clear')}
        </Button>
      )}
    </div>
  )
}
