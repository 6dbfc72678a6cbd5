import { Button, Skeleton } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { momentText } from '../../web/moment.ts'
import { Moment } from '../../web/Moment.tsx'
import { api } from '../api.ts'
import { useActorName } from '../cases/words.ts'
import { Empty } from '../list/Empty.tsx'
import { Fault } from '../list/Fault.tsx'
import { StatusChip, type Tone } from '../list/StatusChip.tsx'
import { announce } from '../shell/announce.ts'
import type { IconName } from '../shell/Icon.tsx'
import { may, useStaff } from '../shell/staff.ts'
import { ChannelFault } from './ChannelFault.tsx'
import { wordsOf } from './finding-words.ts'
import type { ChannelReport, Finding } from './model.ts'
import { useRefresh } from './use-channels.ts'
import { useReadable } from './use-params-text.ts'

const MOST_REPORTS = 50

/** What the channel was examined for, the newest report first in sight and the older ones to be chosen. */
export function ReportCard({ name }: { name: string }) {
  const { t } = useTranslation()
  const { hospitalId } = useStaff()
  const [chosenId, setChosenId] = useState<string | null>(null)
  const { data, error, refetch } = api.query.useQuery(
    'get',
    '/v1/hospitals/{hospitalId}/channels/{name}/reports',
    { params: { path: { hospitalId, name }, query: { limit: MOST_REPORTS } } },
  )
  const reports = data?.items ?? []
  const shown = reports.find(({ id }) => id === chosenId) ?? reports[0]
  return (
    <section className="card" aria-labelledby="report-title">
      <div className="card-head">
        <h2 id="report-title">{t('channels.report.title')}</h2>
        <MakeReport name={name} onMade={() => setChosenId(null)} />
      </div>
      {error !== null && <Fault error={error} onRetry={() => void refetch()} />}
      {!data && error === null && <Skeleton active paragraph={{ rows: 5 }} />}
      {data && reports.length === 0 && <Empty text={t('channels.report.none')} />}
      {reports.length > 1 && (
        <label className="inline-field">
          {t('channels.report.history')}
          <select value={shown?.id} onChange={(event) => setChosenId(event.target.value)}>
            {reports.map((report) => (
              <option key={report.id} value={report.id}>
                {reportName(report)}
              </option>
            ))}
          </select>
        </label>
      )}
      {shown && <Report report={shown} />}
    </section>
  )
}

function MakeReport({ name, onMade }: { name: string; onMade: () => void }) {
  const { t } = useTranslation()
  const staff = useStaff()
  const refresh = useRefresh()
  const make = api.query.useMutation('post', '/v1/hospitals/{hospitalId}/channels/{name}/reports', {
    onSuccess: async () => {
      announce(t('channels.report.made'))
      onMade()
      await refresh()
    },
  })
  if (!may(staff, 'keepChannels')) return null
  return (
    <>
      <Button
        size="small"
        loading={make.isPending}
        onClick={() => make.mutate({ params: { path: { hospitalId: staff.hospitalId, name } } })}
      >
        {t('channels.report.make')}
      </Button>
      {make.error !== null && <ChannelFault error={make.error} />}
    </>
  )
}

const LOOK_OF_VERDICT: Record<Finding['verdict'], { tone: Tone; icon: IconName }> = {
  passed: { tone: 'good', icon: 'check' },
  failed: { tone: 'bad', icon: 'cross' },
  not_measured: { tone: 'plain', icon: 'missing' },
}

function Report({ report }: { report: ChannelReport }) {
  const { t } = useTranslation()
  const actorName = useActorName()
  return (
    <div className="report">
      <p>
        <strong>{t(`channels.report.allows.${report.eligibleTier ?? 'none'}`)}</strong> ·{' '}
        {t('channels.report.score', { score: report.score })}
      </p>
      <p className="fine">
        {t('channels.report.measured')} <Moment at={report.measuredFrom} form="date" /> –{' '}
        <Moment at={report.measuredTo} form="exact" /> · {actorName(report.madeBy)}
      </p>
      <table className="data-table">
        <caption className="visually-hidden">{t('channels.report.title')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('channels.report.item')}</th>
            <th scope="col">{t('channels.report.found')}</th>
            <th scope="col">{t('channels.report.standard')}</th>
            <th scope="col">{t('channels.report.verdict')}</th>
          </tr>
        </thead>
        {report.dimensions.map((dimension) => (
          <tbody key={dimension.name}>
            <tr className="dimension">
              <th scope="rowgroup" colSpan={3}>
                {t(`channels.dimensions.${dimension.name}`)}
                {dimension.score !== null && (
                  <span className="fine">
                    {' '}
                    {t('channels.report.score', { score: dimension.score })}
                  </span>
                )}
              </th>
              <td>
                <VerdictChip verdict={dimension.verdict} />
              </td>
            </tr>
            <Findings findings={dimension.findings} />
          </tbody>
        ))}
      </table>
    </div>
  )
}

function Findings({ findings }: { findings: readonly Finding[] }) {
  const { t } = useTranslation()
  const readable = useReadable()
  return findings.map((finding) => {
    const { item, measured, standard } = wordsOf(t, finding, readable(finding.params))
    return (
      <tr key={item}>
        <td>{item}</td>
        <td>{measured}</td>
        <td>{standard}</td>
        <td>
          <VerdictChip verdict={finding.verdict} />
        </td>
      </tr>
    )
  })
}

function VerdictChip({ verdict }: Pick<Finding, 'verdict'>) {
  const { t } = useTranslation()
  return <StatusChip {...LOOK_OF_VERDICT[verdict]} text={t(`channels.verdicts.${verdict}`)} />
}

/** For a list to choose from: when, in Shanghai. */
const reportName = ({ madeAt, score }: ChannelReport) =>
  `${momentText(madeAt, 'exact', 'zh-CN')} · ${score}`
