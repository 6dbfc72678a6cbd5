import { getRouteApi } from '@tanstack/react-router'
import { Button, Segmented } from 'antd'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { type BusinessDate, instantAt } from '../../../kernel/time.ts'
import { api } from '../api.ts'
import { today } from '../clock.ts'
import { Empty } from '../list/Empty.tsx'
import { Fault } from '../list/Fault.tsx'
import { Pager } from '../list/Pager.tsx'
import { dropCursors, given, oneOf } from '../search/params.ts'
import { useBusinessDate } from '../shell/DatePicker.tsx'
import { useStaff } from '../shell/staff.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import { ChartTree } from './ChartTree.tsx'
import { LedgerTabs } from './LedgerTabs.tsx'
import { KINDS } from './model.ts'
import type { ChartSearch } from './search.ts'
import { TrialBalanceCard } from './TrialBalanceCard.tsx'
import { useLedgerWords } from './words.ts'

const PAGE_ROWS = 300

const route = getRouteApi('/office/ledger')

/** All accounts of the hospital as a tree, with what each stood at, and whether debits are credits. */
export function ChartPage() {
  const { t } = useLedgerWords()
  const { date: _date, ...search } = route.useSearch()
  const navigate = route.useNavigate()
  const date = useBusinessDate()
  const { hospitalId } = useStaff()
  usePageTitle(t('title'))
  const { kind, q, after, time } = search
  const query = { ...atOf(date, time), limit: PAGE_ROWS, ...given({ kind, q, after }) }
  const list = api.query.useQuery(
    'get',
    '/v1/hospitals/{hospitalId}/ledger/accounts',
    { params: { path: { hospitalId }, query } },
    // While another date is on its way the old one stays, marked as such.
    { placeholderData: (before) => before },
  )
  const show = (next: ChartSearch) => void navigate({ search: next })
  const filter = dropCursors(search)
  const accounts = list.data?.items
  const next = list.data?.next ?? null
  return (
    <div className="page ledger">
      <header className="page-head">
        <h1>{t('title')}</h1>
        <AsOf date={date} time={time} onTime={(at) => show(withTime(filter, at))} />
      </header>
      <LedgerTabs at="accounts" />
      <ChartFilters key={q ?? ''} search={filter} onChange={show} />
      {list.error !== null && <Fault error={list.error} onRetry={() => void list.refetch()} />}
      {accounts?.length === 0 && (
        <Empty
          text={t('chart.empty')}
          onClear={kind !== undefined || q !== undefined ? () => show({}) : undefined}
        />
      )}
      {accounts?.length !== 0 && list.error === null && (
        <ChartTree
          accounts={accounts}
          isBusy={list.isFetching}
          isWhole={next === null && after === undefined}
        />
      )}
      {accounts && (next !== null || after !== undefined) && (
        <Pager
          shown={accounts.length}
          hasMore={next !== null}
          isFirst={after === undefined}
          onFirst={() => show(filter)}
          onNext={() => next !== null && show({ ...filter, after: next })}
        />
      )}
      <TrialBalanceCard date={date >= today() ? null : date} />
    </div>
  )
}

/** Now for today, the end of the date for another, an instant where a time is named. */
function atOf(date: BusinessDate, time: string | undefined): { date?: string; instant?: string } {
  if (time !== undefined) return { instant: instantAt(date, `${time}:59`).toISOString() }
  return date >= today() ? {} : { date }
}

function withTime({ time: _time, ...rest }: ChartSearch, time: string | null): ChartSearch {
  return time === null ? rest : { ...rest, time }
}

type AsOfProps = {
  date: BusinessDate
  time: string | undefined
  onTime: (time: string | null) => void
}

/** Of when the figures are: the date is that of the whole console, a time of it may be added. */
function AsOf({ date, time, onTime }: AsOfProps) {
  const { t } = useLedgerWords()
  const [typed, setTyped] = useState(time ?? '')
  const state = time !== undefined ? 'instant' : date >= today() ? 'now' : 'date'
  const show = (event: FormEvent) => {
    event.preventDefault()
    onTime(typed === '' ? null : typed)
  }
  return (
    <form className="ledger-as-of" onSubmit={show} title={t('asOf.hint')}>
      <strong role="status">{t(`asOf.${state}`, { date, time })}</strong>
      <label>
        {t('asOf.time')}{' '}
        <input type="time" value={typed} onChange={(event) => setTyped(event.target.value)} />
      </label>
      <Button htmlType="submit">{t('asOf.show')}</Button>
      {time !== undefined && (
        <Button
          type="link"
          onClick={() => {
            setTyped('')
            onTime(null)
          }}
        >
          {t('asOf.clear')}
        </Button>
      )}
    </form>
  )
}

type FiltersProps = { search: ChartSearch; onChange: (search: ChartSearch) => void }

function ChartFilters({ search: { kind, q, time }, onChange }: FiltersProps) {
  const { t } = useLedgerWords()
  const { t: common } = useTranslation()
  const [typed, setTyped] = useState(q ?? '')
  const rest = time === undefined ? {} : { time }
  const find = (event: FormEvent) => {
    event.preventDefault()
    const wanted = typed.trim()
    onChange({ ...rest, ...(kind ? { kind } : {}), ...(wanted === '' ? {} : { q: wanted }) })
  }
  return (
    <div className="filters" role="group" aria-label={common('filters.label')}>
      <Segmented
        aria-label={t('chart.kind')}
        value={kind ?? 'any'}
        options={['any', ...KINDS].map((value) => ({ value, label: t(`kinds.${value}`) }))}
        onChange={(value) => {
          const wanted = oneOf(KINDS, value)
          onChange({ ...rest, ...(q ? { q } : {}), ...(wanted ? { kind: wanted } : {}) })
        }}
      />
      <form className="bill-filter" onSubmit={find}>
        <input
          type="search"
          aria-label={t('chart.searchLabel')}
          placeholder={t('chart.search')}
          maxLength={40}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
        <Button htmlType="submit">{t('chart.find')}</Button>
      </form>
    </div>
  )
}
