import { getRouteApi, Link } from '@tanstack/react-router'
import { Button, Segmented } from 'antd'
import { useTranslation } from 'react-i18next'

import type { FinanceDay, Move } from '../../../contract/client.ts'
import { Moment } from '../../web/Moment.tsx'
import { PARTS } from '../../web/tenders.ts'
import { api } from '../api.ts'
import { type Column, DataTable } from '../list/DataTable.tsx'
import { Empty } from '../list/Empty.tsx'
import { ExportButton } from '../list/ExportButton.tsx'
import { Pager } from '../list/Pager.tsx'
import { everyRow } from '../list/pages.ts'
import { PartName } from '../list/PartName.tsx'
import { SignedAmount } from '../list/SignedAmount.tsx'
import { signedFen, sumFen, totalOfMoves } from '../list/sums.ts'
import { Whole } from '../list/Whole.tsx'
import { shortNo } from '../payments/words.ts'
import { MOVE_KINDS } from '../search/choices.ts'
import { dropCursors, type MovesSearch, oneOf } from '../search/params.ts'
import { useBusinessDate } from '../shell/DatePicker.tsx'
import { Icon } from '../shell/Icon.tsx'
import { useStaff } from '../shell/staff.ts'
import { useProviderName } from '../shell/use-names.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import { cellsOf, headsOf } from './csv.ts'

const PAGE_ROWS = 100
const STREAMED_ROWS = 500 // the most the hub gives at once

const route = getRouteApi('/office/moves')

/** Every movement of the day's money at a provider: what the books and the comparison are made of. */
export function MovesPage() {
  const { t } = useTranslation()
  const { date: _date, ...search } = route.useSearch()
  const navigate = route.useNavigate()
  const date = useBusinessDate()
  const { hospitalId } = useStaff()
  const nameOf = useProviderName()
  usePageTitle(t('menu.moves'))
  const list = api.query.useQuery('get', '/v1/hospitals/{hospitalId}/moves', {
    params: { path: { hospitalId }, query: { ...search, date, limit: PAGE_ROWS } },
  })
  const day = api.query.useQuery('get', '/v1/hospitals/{hospitalId}/finance/days/{date}', {
    params: { path: { hospitalId, date } },
  })
  const show = (next: MovesSearch) => void navigate({ search: next })
  const rows = list.data?.items
  const last = rows?.at(-1)
  const filter = dropCursors(search)
  const isWhole = rows !== undefined && rows.length < PAGE_ROWS && search.after === undefined
  const every = (most: number, onLimit: () => void) =>
    everyMove(hospitalId, { ...filter, date }, most, onLimit)
  return (
    <div className="page page-list">
      <header className="page-head">
        <h1>{t('menu.moves')}</h1>
        <ExportButton
          fileName={`moves-${date}.csv`}
          heads={headsOf(t)}
          cellsOf={(move: Move) => cellsOf(t, move, { nameOf, hospitalId })}
          rows={every}
        />
      </header>
      <MoveFilters search={search} moves={day.data?.moves ?? []} onChange={show} />
      <Whole
        key={JSON.stringify({ ...filter, date })}
        isReady={rows !== undefined}
        known={isWhole ? { count: rows.length, amountFen: sumFen(rows, signedFen) } : null}
        figure={day.data ? totalOfMoves(day.data.moves, filter) : null}
        amountOf={signedFen}
        rows={every}
      />
      <DataTable
        label={t('menu.moves')}
        columns={useColumns(rows ?? [])}
        rows={rows}
        rowKey={({ ourNo, part, kind }) => `${kind} ${ourNo} ${part}`}
        query={list}
        empty={
          <Empty
            text={t('moves.empty')}
            onClear={Object.keys(filter).length > 0 ? () => show({}) : undefined}
          />
        }
      />
      <Pager
        shown={rows?.length}
        hasMore={rows?.length === PAGE_ROWS}
        isFirst={search.after === undefined}
        onFirst={() => show(filter)}
        onNext={() => last && show({ ...search, after: cursorOf(last) })}
      />
    </div>
  )
}

const cursorOf = ({ ourNo, part }: Move) => `${ourNo} ${part}`

type MoveFiltersProps = {
  search: MovesSearch
  moves: FinanceDay['moves']
  onChange: (search: MovesSearch) => void
}

function MoveFilters({ search, moves, onChange }: MoveFiltersProps) {
  const { t } = useTranslation()
  const nameOf = useProviderName()
  const { kind, provider, part, after: _after } = search
  const known = new Set([...moves.map((m) => m.provider), ...(provider ? [provider] : [])])
  const rest = {
    ...(kind ? { kind } : {}),
    ...(provider ? { provider } : {}),
    ...(part ? { part } : {}),
  }
  const change = (name: keyof MovesSearch, value: string) => {
    const { [name]: _old, ...others } = rest as Record<string, string>
    onChange((value === 'any' ? others : { ...others, [name]: value }) as MovesSearch)
  }
  const any = { value: 'any', label: t('filters.any') }
  return (
    <div className="filters" role="group" aria-label={t('filters.label')}>
      <Segmented
        aria-label={t('moves.kind')}
        value={kind ?? 'any'}
        options={[any, ...MOVE_KINDS.map((value) => ({ value, label: t(`kinds.${value}`) }))]}
        onChange={(value) => change('kind', oneOf(MOVE_KINDS, value) ?? 'any')}
      />
      <Segmented
        aria-label={t('moves.provider')}
        value={provider ?? 'any'}
        options={[any, ...[...known].toSorted().map((value) => ({ value, label: nameOf(value) }))]}
        onChange={(value) => change('provider', value)}
      />
      <Segmented
        aria-label={t('moves.part')}
        value={part ?? 'any'}
        options={[any, ...PARTS.map((value) => ({ value, label: t(`parts.${value}`) }))]}
        onChange={(value) => change('part', oneOf(PARTS, value) ?? 'any')}
      />
      {Object.keys(rest).length > 0 && (
        <Button type="link" onClick={() => onChange({})}>
          {t('filters.clear')}
        </Button>
      )}
    </div>
  )
}

function useColumns(rows: readonly Move[]): Column<Move>[] {
  const { t } = useTranslation()
  const nameOf = useProviderName()
  return [
    {
      key: 'at',
      title: t('moves.at'),
      sum: t('sum.page', { count: rows.length }),
      cell: ({ at }) => <Moment at={at} form="exact" />,
    },
    {
      key: 'kind',
      title: t('moves.kind'),
      sum: '',
      cell: ({ kind }) => (
        <span className={`chip chip-${kind === 'charge' ? 'good' : 'bad'}`}>
          <Icon name={kind === 'charge' ? 'check' : 'undo'} />
          {t(`kinds.${kind}`)}
        </span>
      ),
    },
    {
      key: 'provider',
      title: t('moves.provider'),
      sum: '',
      cell: ({ provider }) => nameOf(provider),
    },
    {
      key: 'part',
      title: t('moves.part'),
      sum: '',
      cell: ({ part }) => <PartName part={part} />,
    },
    {
      key: 'ourNo',
      title: t('moves.ourNo'),
      sum: '',
      cell: ({ ourNo, paymentId }) => (
        <Link to="/payments/$paymentId" params={{ paymentId }} title={ourNo}>
          <code>{shortNo(ourNo)}</code>
        </Link>
      ),
    },
    {
      key: 'providerNo',
      title: t('moves.providerNo'),
      sum: '',
      cell: ({ providerNo }) => <code>{providerNo}</code>,
    },
    {
      key: 'amount',
      title: t('moves.amount'),
      isNumber: true,
      sum: <SignedAmount fen={sumFen(rows, signedFen)} />,
      cell: (row) => <SignedAmount fen={signedFen(row)} />,
    },
  ]
}

const everyMove = (
  hospitalId: number,
  filter: Omit<MovesSearch, 'after'> & { date: string },
  most: number,
  onLimit: () => void,
) =>
  everyRow<Move, string>({
    limit: STREAMED_ROWS,
    most,
    onLimit,
    cursorOf,
    page: async (after, limit) => {
      const query = { ...filter, limit, ...(after === undefined ? {} : { after }) }
      const { data, error } = await api.client.GET('/v1/hospitals/{hospitalId}/moves', {
        params: { path: { hospitalId }, query },
      })
      if (error) throw error
      return data.items
    },
  })
