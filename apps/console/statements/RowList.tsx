import { getRouteApi, Link } from '@tanstack/react-router'

import { Amount } from '../../web/Amount.tsx'
import { Moment } from '../../web/Moment.tsx'
import { api } from '../api.ts'
import { CopyText } from '../list/CopyText.tsx'
import { type Column, DataTable } from '../list/DataTable.tsx'
import { Empty } from '../list/Empty.tsx'
import { Pager } from '../list/Pager.tsx'
import { StatusChip, type Tone } from '../list/StatusChip.tsx'
import type { IconName } from '../shell/Icon.tsx'
import { useStaff } from '../shell/staff.ts'
import { FILE_VIEWS, type StatementFile, type StatementRow, type Taken } from './model.ts'
import { useStatementWords } from './words.ts'

const PAGE_ROWS = 100

const route = getRouteApi('/office/statements/$fileId')

type RowListProps = { file: StatementFile; taken: Taken }

/** The rows of the file, or those it says otherwise than the version before. */
export function RowList({ file, taken }: RowListProps) {
  const { t } = useStatementWords()
  const { view = 'rows' } = route.useSearch()
  const { changes } = taken
  const counts = {
    rows: taken.totals.rows,
    changes: changes ? changes.added + changes.removed + changes.changed : 0,
  }
  return (
    <section className="list" aria-label={t('views')}>
      {changes && (
        <nav className="views" aria-label={t('views')}>
          {FILE_VIEWS.map((each) => (
            <Link
              key={each}
              to="/statements/$fileId"
              params={{ fileId: file.id }}
              search={{ view: each }}
              aria-current={each === view ? 'page' : undefined}
            >
              {t(`tabs.${each}`, { count: counts[each] })}
            </Link>
          ))}
        </nav>
      )}
      <Rows file={file} isOfChanges={view === 'changes' && changes !== null} />
    </section>
  )
}

function Rows({ file, isOfChanges }: { file: StatementFile; isOfChanges: boolean }) {
  const { t } = useStatementWords()
  const { hospitalId } = useStaff()
  const { view, after = 0 } = route.useSearch()
  const navigate = route.useNavigate()
  const list = api.query.useQuery(
    'get',
    isOfChanges
      ? '/v1/hospitals/{hospitalId}/statement-files/{id}/changes'
      : '/v1/hospitals/{hospitalId}/statement-files/{id}/rows',
    { params: { path: { hospitalId, id: file.id }, query: { after, limit: PAGE_ROWS } } },
  )
  const rows = list.data?.items
  const show = (next: number) =>
    void navigate({ search: { ...(view ? { view } : {}), ...(next > 0 ? { after: next } : {}) } })
  return (
    <>
      <DataTable
        label={t('views')}
        columns={useColumns(isOfChanges)}
        rows={rows}
        rowKey={({ no }) => String(no)}
        query={list}
        empty={<Empty text={t(isOfChanges ? 'noChanges' : 'noRows')} />}
      />
      <Pager
        shown={rows?.length}
        hasMore={rows?.length === PAGE_ROWS}
        isFirst={after === 0}
        onFirst={() => show(0)}
        onNext={() => show(after + PAGE_ROWS)}
      />
    </>
  )
}

type Change = NonNullable<StatementRow['change']>

const LOOK_OF_CHANGE: Record<Change, { tone: Tone; icon: IconName }> = {
  added: { tone: 'good', icon: 'check' },
  removed: { tone: 'bad', icon: 'cross' },
  before: { tone: 'plain', icon: 'undo' },
  after: { tone: 'held', icon: 'refresh' },
}

function useColumns(isOfChanges: boolean): Column<StatementRow>[] {
  const { t } = useStatementWords()
  const change: Column<StatementRow> = {
    key: 'change',
    title: t('change'),
    cell: ({ change: what }) =>
      what && <StatusChip {...LOOK_OF_CHANGE[what]} text={t(`changesOf.${what}`)} />,
  }
  return [
    ...(isOfChanges ? [change] : []),
    { key: 'line', title: t('line'), isNumber: true, cell: ({ lineNo }) => lineNo },
    { key: 'kind', title: t('kind'), cell: ({ kind }) => t(`kinds.${kind}`) },
    { key: 'ourNo', title: t('ourNo'), cell: ({ ourNo }) => <No text={ourNo} /> },
    {
      key: 'providerNo',
      title: t('providerNo'),
      cell: ({ providerNo }) => <No text={providerNo} />,
    },
    {
      key: 'at',
      title: t('at'),
      cell: ({ occurredAt, businessDate }) =>
        occurredAt === null ? (businessDate ?? '—') : <Moment at={occurredAt} form="exact" />,
    },
    { key: 'memo', title: t('memo'), onWideOnly: true, cell: ({ memo }) => memo ?? '—' },
    {
      key: 'fee',
      title: t('feeOfRow'),
      isNumber: true,
      onWideOnly: true,
      cell: ({ feeFen }) => (feeFen === null ? '—' : <Amount fen={feeFen} />),
    },
    {
      key: 'amount',
      title: t('amount'),
      isNumber: true,
      cell: ({ amountFen }) => <Amount fen={amountFen} />,
    },
  ]
}

function No({ text }: { text: string | null }) {
  return text === null ? <>—</> : <CopyText text={text} />
}
