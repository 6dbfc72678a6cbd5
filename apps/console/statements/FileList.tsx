import { getRouteApi, Link } from '@tanstack/react-router'
import { Segmented } from 'antd'
import { useTranslation } from 'react-i18next'

import { Amount } from '../../web/Amount.tsx'
import { Moment } from '../../web/Moment.tsx'
import { type Column, DataTable } from '../list/DataTable.tsx'
import { Empty } from '../list/Empty.tsx'
import { Pager } from '../list/Pager.tsx'
import { StatusChip } from '../list/StatusChip.tsx'
import { oneOf } from '../search/params.ts'
import { useBusinessDate } from '../shell/DatePicker.tsx'
import { useProviderName } from '../shell/use-names.ts'
import { type Arrival, FILE_STATUSES, type StatementFile } from './model.ts'
import type { StatementsSearch } from './search.ts'
import { useFiles } from './use-statements.ts'
import { bytesText, LOOK_OF_FILE, LOOK_OF_STATE, useStatementWords } from './words.ts'

const PAGE_ROWS = 50

const route = getRouteApi('/office/statements')

/** The files of the source and day chosen in the month, or all that came. */
export function FileList({ arrivals }: { arrivals: readonly Arrival[] }) {
  const { t } = useStatementWords()
  const date = useBusinessDate()
  const { date: _date, ...search } = route.useSearch()
  const navigate = route.useNavigate()
  const { source, status, before } = search
  const list = useFiles({
    ...(source ? { source, date } : {}),
    ...(status ? { status } : {}),
    ...(before ? { before } : {}),
    limit: PAGE_ROWS,
  })
  const show = (next: StatementsSearch) => void navigate({ search: next })
  const { before: _before, ...filter } = search
  const rows = list.data?.items
  const last = rows?.at(-1)
  const arrival = arrivals.find((each) => each.source === source && each.businessDate === date)
  return (
    <section className="list" aria-labelledby="files-title">
      <Title source={source} arrival={arrival} />
      <div className="filters">
        <StatusFilter search={filter} onChange={show} />
        {source && (
          <Link to="/statements" search={status ? { status } : {}}>
            {t('showAll')}
          </Link>
        )}
      </div>
      <DataTable
        label={t('all')}
        columns={useColumns(source !== undefined)}
        rows={rows}
        rowKey={({ id }) => id}
        query={list}
        isMarked={(file) => file.status === 'refused'}
        empty={<Empty text={t(source ? 'noneOfDay' : 'none')} />}
      />
      <Pager
        shown={rows?.length}
        hasMore={rows?.length === PAGE_ROWS}
        isFirst={before === undefined}
        onFirst={() => show(filter)}
        onNext={() => last && show({ ...search, before: last.id })}
      />
    </section>
  )
}

/** Which files these are; of a source and day, also what is expected of it. */
function Title({ source, arrival }: { source: string | undefined; arrival: Arrival | undefined }) {
  const { t } = useStatementWords()
  const date = useBusinessDate()
  const nameOf = useProviderName()
  return (
    <div>
      <h2 id="files-title">
        {source ? t('ofDay', { source: nameOf(source), date }) : t('all')}{' '}
        {arrival && (
          <StatusChip {...LOOK_OF_STATE[arrival.state]} text={t(`states.${arrival.state}`)} />
        )}
      </h2>
      {arrival && (
        <ul className="object-facts">
          {(['expectedAt', 'lateAt', 'missingAt'] as const).map((name) => (
            <li key={name}>
              {t(name)} <Moment at={arrival[name]} form="exact" />
            </li>
          ))}
          {arrival.tries > 0 && <li>{t('tries', { count: arrival.tries })}</li>}
          {arrival.lastError && <LastError error={arrival.lastError} />}
        </ul>
      )}
    </div>
  )
}

/** A refusal by its words; anything else as whoever was asked said it. */
function LastError({ error }: { error: string }) {
  const { t, i18n } = useStatementWords()
  const refusal = `refusals.${error.split(':')[0]}`
  const words = i18n.exists(refusal, { ns: 'statements' }) ? t(refusal) : error
  return (
    <li className="tone-bad" title={error}>
      {t('lastError', { error: words })}
    </li>
  )
}

type StatusFilterProps = { search: StatementsSearch; onChange: (search: StatementsSearch) => void }

function StatusFilter({ search, onChange }: StatusFilterProps) {
  const { t } = useStatementWords()
  const { t: office } = useTranslation()
  const { status, ...others } = search
  return (
    <Segmented
      aria-label={t('status')}
      value={status ?? 'any'}
      options={[
        { value: 'any', label: office('filters.any') },
        ...FILE_STATUSES.map((value) => ({ value, label: t(`statuses.${value}`) })),
      ]}
      onChange={(value) => {
        const chosen = oneOf(FILE_STATUSES, value)
        onChange({ ...others, ...(chosen ? { status: chosen } : {}) })
      }}
    />
  )
}

function useColumns(isOfDay: boolean): Column<StatementFile>[] {
  const { t } = useStatementWords()
  const nameOf = useProviderName()
  const all: (Column<StatementFile> | null)[] = [
    {
      key: 'name',
      title: t('name'),
      cell: ({ id, name }) => (
        <Link to="/statements/$fileId" params={{ fileId: id }} className="file-name">
          {name}
        </Link>
      ),
    },
    {
      key: 'status',
      title: t('status'),
      cell: (file) => (
        <span className="two-lines">
          <FileChip file={file} />
          {file.refusal && <span className="fine">{t(`refusals.${file.refusal.code}`)}</span>}
        </span>
      ),
    },
    isOfDay ? null : { key: 'source', title: t('source'), cell: ({ source }) => nameOf(source) },
    isOfDay
      ? null
      : { key: 'date', title: t('date'), cell: ({ businessDate }) => businessDate ?? t('noDate') },
    {
      key: 'version',
      title: t('version'),
      onWideOnly: true,
      cell: ({ taken }) => (taken ? t('versionNo', { version: taken.version }) : '—'),
    },
    {
      key: 'rows',
      title: t('rows'),
      isNumber: true,
      cell: ({ taken }) => taken?.totals.rows.toLocaleString('en-US') ?? '—',
    },
    {
      key: 'sums',
      title: t('sums'),
      isNumber: true,
      cell: ({ taken }) => <Sums taken={taken} />,
    },
    {
      key: 'came',
      title: t('came'),
      onWideOnly: true,
      cell: ({ takenAt, way, bytes }) => (
        <span className="two-lines">
          <Moment at={takenAt} form="exact" />
          <span className="fine">
            {t(`waysOfFile.${way}`)} · {bytesText(bytes)}
          </span>
        </span>
      ),
    },
  ]
  return all.filter((column) => column !== null)
}

/** What a list adds up to: of a bank, what it paid in. */
function Sums({ taken }: { taken: StatementFile['taken'] }) {
  const { t } = useStatementWords()
  if (!taken) return <>—</>
  const { chargeFen, returnFen, payoutFen, payoutCount } = taken.totals
  return (
    <span className="file-sums">
      {payoutCount > 0 ? (
        <span>
          <span className="fine">{t('payout')}</span> <Amount fen={payoutFen} />
        </span>
      ) : (
        <Amount fen={chargeFen} />
      )}
      <Amount fen={returnFen} />
    </span>
  )
}

export function FileChip({ file: { status } }: { file: StatementFile }) {
  const { t } = useStatementWords()
  return <StatusChip {...LOOK_OF_FILE[status]} text={t(`statuses.${status}`)} />
}
