import { getRouteApi } from '@tanstack/react-router'
import { Segmented, Skeleton } from 'antd'

import { MINUTE_MS, SECOND_MS } from '../../../kernel/time.ts'
import { Moment } from '../../web/Moment.tsx'
import { api } from '../api.ts'
import { Facts } from '../benefits/Facts.tsx'
import { CopyText } from '../list/CopyText.tsx'
import { type Column, DataTable } from '../list/DataTable.tsx'
import { Empty } from '../list/Empty.tsx'
import { Fault } from '../list/Fault.tsx'
import { Pager } from '../list/Pager.tsx'
import { StatusChip } from '../list/StatusChip.tsx'
import { given } from '../search/params.ts'
import { useStaff } from '../shell/staff.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import { LedgerTabs } from './LedgerTabs.tsx'
import type { Head, LogStanding, Partners } from './model.ts'
import { VerifyCard } from './VerifyCard.tsx'
import { useLedgerWords } from './words.ts'

const PAGE_ROWS = 20
const LOOK_AGAIN_MS = 10_000

const route = getRouteApi('/office/ledger/heads')

/** What is sealed of the hospital: the newest signed head of each log, who countersigned, what waits, and how to check it. */
export function HeadsPage() {
  const { t } = useLedgerWords()
  const { hospitalId } = useStaff()
  usePageTitle(t('heads.title'))
  const { data, error, refetch } = api.query.useQuery(
    'get',
    '/v1/hospitals/{hospitalId}/sealing',
    { params: { path: { hospitalId } } },
    { refetchInterval: LOOK_AGAIN_MS },
  )
  return (
    <div className="page ledger">
      <header className="page-head">
        <h1>{t('heads.title')}</h1>
        <p className="fine">{t('heads.lead')}</p>
      </header>
      <LedgerTabs at="heads" />
      {error !== null && <Fault error={error} onRetry={() => void refetch()} />}
      {!data && error === null && <Skeleton active paragraph={{ rows: 6 }} />}
      {data && (
        <div className="ledger-logs">
          {data.items.map((standing) => (
            <LogCard key={standing.log} standing={standing} partners={data.partners} />
          ))}
        </div>
      )}
      <VerifyCard />
      {data && <HeadList logs={data.items.map(({ log }) => log)} />}
    </div>
  )
}

function LogCard({ standing, partners }: { standing: LogStanding; partners: Partners }) {
  const { t, i18n } = useLedgerWords()
  const { log, head } = standing
  const title = `log-${log}`
  return (
    <section className="card" aria-labelledby={title}>
      <div className="card-head">
        <h2 id={title}>{t(`heads.logs.${log}`, { defaultValue: log })}</h2>
        <Lag standing={standing} />
      </div>
      {head === null ? (
        <p className="fine">{t('heads.none')}</p>
      ) : (
        <Facts
          facts={[
            {
              name: t('heads.size'),
              value: (
                <strong>
                  {t('heads.items', {
                    count: head.size,
                    formatted: head.size.toLocaleString(i18n.language),
                  })}
                </strong>
              ),
            },
            { name: t('heads.at'), value: <Moment at={head.sealedAt} form="exact" /> },
            { name: t('heads.root'), value: <CopyText text={head.root} /> },
            { name: t('heads.key'), value: <CopyText text={head.keyId} /> },
            { name: t('heads.signature'), value: <CopyText text={head.signature} /> },
            { name: t('heads.signers'), value: <Signers head={head} partners={partners} /> },
          ]}
        />
      )}
    </section>
  )
}

const MOST_COUNTED = 1_000
const LATE_MS = 5 * MINUTE_MS

function Lag({ standing: { waiting, lagMs } }: { standing: LogStanding }) {
  const { t } = useLedgerWords()
  if (waiting === 0) return <StatusChip tone="good" icon="check" text={t('heads.upToDate')} />
  const many = waiting > MOST_COUNTED
  const words = [
    many ? t('heads.many') : t('heads.waiting', { count: waiting }),
    t('heads.lag', { lag: t(...lagOf(lagMs)) }),
  ]
  return (
    <StatusChip tone={lagMs > LATE_MS ? 'bad' : 'held'} icon="clock" text={words.join(' · ')} />
  )
}

function lagOf(lagMs: number): [string, { count: number }] {
  const seconds = Math.round(lagMs / SECOND_MS)
  if (seconds < 120) return ['heads.seconds', { count: seconds }]
  const minutes = Math.round(lagMs / MINUTE_MS)
  return minutes < 120
    ? ['heads.minutes', { count: minutes }]
    : ['heads.hours', { count: Math.round(minutes / 60) }]
}

function Signers({ head, partners }: { head: Head; partners: Partners }) {
  const { t } = useLedgerWords()
  if (head.countersignatures.length === 0) return <span className="fine">{t('heads.nobody')}</span>
  const nameOf = (id: string) =>
    partners.find(({ applicationId }) => applicationId === id)?.name ?? t('heads.gone')
  return (
    <ul>
      {head.countersignatures.map(({ applicationId, keyId, signedAt }) => (
        <li key={`${applicationId} ${keyId}`}>
          {nameOf(applicationId)}{' '}
          <span className="fine">
            <Moment at={signedAt} form="exact" />
          </span>
        </li>
      ))}
    </ul>
  )
}

function HeadList({ logs }: { logs: readonly string[] }) {
  const { t } = useLedgerWords()
  const { log = logs[0] ?? '', below } = route.useSearch()
  const navigate = route.useNavigate()
  const { hospitalId } = useStaff()
  const list = api.query.useQuery('get', '/v1/hospitals/{hospitalId}/sealing/{log}/heads', {
    params: { path: { hospitalId, log }, query: { limit: PAGE_ROWS, ...given({ before: below }) } },
  })
  const rows = list.data?.items
  const next = list.data?.next ?? null
  const partners = list.data?.partners ?? []
  return (
    <section className="list" aria-labelledby="heads-title">
      <div className="filters">
        <h2 id="heads-title">{t('heads.list')}</h2>
        <Segmented
          aria-label={t('heads.log')}
          value={log}
          options={logs.map((value) => ({
            value,
            label: t(`heads.logs.${value}`, { defaultValue: value }),
          }))}
          onChange={(value) => void navigate({ search: { log: value } })}
        />
      </div>
      <DataTable
        label={t('heads.list')}
        columns={useColumns(partners)}
        rows={rows}
        rowKey={({ size }) => String(size)}
        query={list}
        empty={<Empty text={t('heads.none')} />}
      />
      <Pager
        shown={rows?.length}
        hasMore={next !== null}
        isFirst={below === undefined}
        onFirst={() => void navigate({ search: { log } })}
        onNext={() => next !== null && void navigate({ search: { log, below: next } })}
      />
    </section>
  )
}

function useColumns(partners: Partners): Column<Head>[] {
  const { t, i18n } = useLedgerWords()
  return [
    {
      key: 'size',
      title: t('heads.size'),
      isNumber: true,
      cell: ({ size }) => size.toLocaleString(i18n.language),
    },
    {
      key: 'at',
      title: t('heads.at'),
      cell: ({ sealedAt }) => <Moment at={sealedAt} form="exact" />,
    },
    {
      key: 'root',
      title: t('heads.root'),
      onWideOnly: true,
      cell: ({ root }) => <code title={root}>{root.slice(0, 16)}…</code>,
    },
    {
      key: 'key',
      title: t('heads.key'),
      onWideOnly: true,
      cell: ({ keyId }) => <code>{keyId}</code>,
    },
    {
      key: 'signers',
      title: t('heads.countersigned'),
      cell: (head) => <Signers head={head} partners={partners} />,
    },
  ]
}
