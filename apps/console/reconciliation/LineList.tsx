import { getRouteApi, Link } from '@tanstack/react-router'
import { Segmented } from 'antd'
import { useTranslation } from 'react-i18next'

import type { components } from '../../../contract/hub.d.ts'
import { readTradeNo } from '../../../kernel/trade-no.ts'
import { Moment } from '../../web/Moment.tsx'
import { api } from '../api.ts'
import { CopyText } from '../list/CopyText.tsx'
import { type Column, DataTable } from '../list/DataTable.tsx'
import { Empty } from '../list/Empty.tsx'
import { Pager } from '../list/Pager.tsx'
import { everyRow } from '../list/pages.ts'
import { SignedAmount } from '../list/SignedAmount.tsx'
import { signedFen, sumFen } from '../list/sums.ts'
import { type FigureOfRows, Whole } from '../list/Whole.tsx'
import { shortNo } from '../payments/words.ts'
import { MOVE_KINDS } from '../search/choices.ts'
import { oneOf, type ReconciledDaySearch } from '../search/params.ts'
import { useStaff } from '../shell/staff.ts'
import { useProviderName } from '../shell/use-names.ts'
import { ExportLinks } from './ExportLinks.tsx'
import type { DayDetail, Source } from './words.ts'

type Line = components['schemas']['StatementLineView']

const PAGE_ROWS = 100
const STREAMED_ROWS = 500 // the most the hub gives at once

const route = getRouteApi('/office/reconciliation/day')

/** A party's list as it came, in the version that the URL names or else the newest. */
export function LineList({ day }: { day: DayDetail }) {
  const { t } = useTranslation()
  const search = route.useSearch()
  const withLists = day.sources.filter(({ statements }) => statements.length > 0)
  const source = withLists.find((each) => each.source === search.source) ?? withLists[0]
  if (!source) return <Empty text={t('reconciliation.noLists')} />
  return (
    <div className="list">
      <LineFilters sources={withLists} source={source} search={search} />
      <Lines key={source.source} date={day.date} source={source} />
    </div>
  )
}

function Lines({ date, source }: { date: string; source: Source }) {
  const { t } = useTranslation()
  const { hospitalId } = useStaff()
  const { kind, version, after } = route.useSearch()
  const navigate = route.useNavigate()
  const path = { hospitalId, date, source: source.source }
  const filter = { ...(kind ? { kind } : {}), ...(version ? { version } : {}) }
  const cursor = after === undefined ? {} : { after: Number(after) }
  const list = api.query.useQuery(
    'get',
    '/v1/hospitals/{hospitalId}/reconciliation/days/{date}/statements/{source}/lines',
    { params: { path, query: { ...filter, ...cursor, limit: PAGE_ROWS } } },
  )
  const show = (next: ReconciledDaySearch) =>
    void navigate({ search: { view: 'lines', source: source.source, ...filter, ...next } })
  const rows = list.data?.items
  const last = rows?.at(-1)
  const isWhole = rows !== undefined && rows.length < PAGE_ROWS && after === undefined
  return (
    <>
      <Whole
        key={JSON.stringify(filter)}
        isReady={rows !== undefined}
        known={isWhole ? { count: rows.length, amountFen: sumFen(rows, signedFen) } : null}
        figure={statementFigure(source, filter)}
        amountOf={signedFen}
        rows={(most, onLimit) => everyLine(path, filter, most, onLimit)}
      />
      <ExportLinks
        path={`/v1/hospitals/${hospitalId}/reconciliation/days/${date}/statements/${source.source}/lines`}
        filter={filter}
      />
      <DataTable
        label={t('reconciliation.tabs.lines')}
        columns={useColumns(rows ?? [])}
        rows={rows}
        rowKey={({ lineNo }) => String(lineNo)}
        query={list}
        empty={<Empty text={t('reconciliation.noLines')} />}
      />
      <Pager
        shown={rows?.length}
        hasMore={rows?.length === PAGE_ROWS}
        isFirst={after === undefined}
        onFirst={() => show({})}
        onNext={() => last && show({ after: String(last.lineNo) })}
      />
    </>
  )
}

/** What the statement itself says it holds: of everything, or of one kind where it was compared. */
function statementFigure(
  { statements, comparison }: Source,
  { kind, version }: Pick<ReconciledDaySearch, 'kind' | 'version'>,
): FigureOfRows | null {
  const shown = version ? statements.find((s) => s.version === version) : statements[0]
  if (!shown) return null
  if (!kind) return { count: shown.lineCount, amountFen: shown.chargeFen - shown.returnFen }
  if (comparison?.statementVersion !== shown.version) return null
  const theirs = comparison.identity.find((each) => each.kind === kind)?.theirs
  return theirs ? { count: theirs.count, amountFen: signedFen({ kind, ...theirs }) } : null
}

type LineFiltersProps = { sources: Source[]; source: Source; search: ReconciledDaySearch }

function LineFilters({ sources, source, search }: LineFiltersProps) {
  const { t } = useTranslation()
  const nameOf = useProviderName()
  const navigate = route.useNavigate()
  const show = (next: ReconciledDaySearch) => void navigate({ search: { view: 'lines', ...next } })
  const kind = search.kind ? { kind: search.kind } : {}
  const [newest] = source.statements
  return (
    <div className="filters" role="group" aria-label={t('filters.label')}>
      <Segmented
        aria-label={t('reconciliation.source')}
        value={source.source}
        options={sources.map((each) => ({ value: each.source, label: nameOf(each.source) }))}
        onChange={(value) => show({ source: value, ...kind })}
      />
      <Segmented
        aria-label={t('moves.kind')}
        value={search.kind ?? 'any'}
        options={[
          { value: 'any', label: t('filters.any') },
          ...MOVE_KINDS.map((value) => ({ value, label: t(`kinds.${value}`) })),
        ]}
        onChange={(value) => {
          const chosen = oneOf(MOVE_KINDS, value)
          show({ source: source.source, ...(chosen ? { kind: chosen } : {}) })
        }}
      />
      {source.statements.length > 1 && (
        <Segmented
          aria-label={t('reconciliation.versions')}
          value={search.version ?? newest?.version ?? 1}
          options={source.statements.map(({ version }) => ({
            value: version,
            label: t('reconciliation.versionNo', { version }),
          }))}
          onChange={(version) => show({ source: source.source, ...kind, version })}
        />
      )}
      {newest && <span className="fine">{t(`reconciliation.forms.${newest.form}`)}</span>}
    </div>
  )
}

function useColumns(rows: readonly Line[]): Column<Line>[] {
  const { t } = useTranslation()
  return [
    {
      key: 'lineNo',
      title: t('reconciliation.lineNo'),
      sum: t('sum.page', { count: rows.length }),
      cell: ({ lineNo }) => lineNo,
    },
    { key: 'kind', title: t('moves.kind'), sum: '', cell: ({ kind }) => t(`kinds.${kind}`) },
    {
      key: 'ourNo',
      title: t('moves.ourNo'),
      sum: '',
      cell: ({ ourNo }) => <OurNo ourNo={ourNo} />,
    },
    {
      key: 'providerNo',
      title: t('moves.providerNo'),
      sum: '',
      cell: ({ providerNo }) => <code>{providerNo}</code>,
    },
    { key: 'at', title: t('moves.at'), sum: '', cell: ({ at }) => <Moment at={at} form="exact" /> },
    {
      key: 'basis',
      title: t('reconciliation.basis'),
      sum: '',
      onWideOnly: true,
      cell: ({ basis }) => t(`reconciliation.bases.${basis}`),
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

/** The hospital knows a payment by our payment number and the bill's: that number leads to the payment. */
function OurNo({ ourNo }: { ourNo: string }) {
  const [paymentNo = '', billNo] = ourNo.split('/')
  const payment = billNo === undefined ? null : readTradeNo(paymentNo)
  if (!payment) return <CopyText text={ourNo} />
  return (
    <Link to="/payments/$paymentId" params={{ paymentId: payment.id }} title={ourNo}>
      <code>
        {shortNo(paymentNo)}/{billNo}
      </code>
    </Link>
  )
}

const everyLine = (
  path: { hospitalId: number; date: string; source: string },
  filter: Pick<ReconciledDaySearch, 'kind' | 'version'>,
  most: number,
  onLimit: () => void,
) =>
  everyRow<Line, number>({
    limit: STREAMED_ROWS,
    most,
    onLimit,
    cursorOf: ({ lineNo }) => lineNo,
    page: async (after, limit) => {
      const query = { ...filter, limit, ...(after === undefined ? {} : { after }) }
      const { data, error } = await api.client.GET(
        '/v1/hospitals/{hospitalId}/reconciliation/days/{date}/statements/{source}/lines',
        { params: { path, query } },
      )
      if (error) throw error
      return data.items
    },
  })
