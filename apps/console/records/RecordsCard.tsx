import { Button } from 'antd'

import { Moment } from '../../web/Moment.tsx'
import { Empty } from '../list/Empty.tsx'
import { type Reading, type Records, useRecordWords } from './words.ts'

type RecordsCardProps = {
  read: Records
  kind: Reading['kind']
  onOpen: (recordNo: string) => void
}

/** What was found, and by what right it is shown. Nothing of it is kept by the page. */
export function RecordsCard({ read, kind, onOpen }: RecordsCardProps) {
  const { t } = useRecordWords()
  return (
    <section className="card" aria-labelledby="records-found">
      <h2 id="records-found">{t('of', { name: read.name })}</h2>
      <p className={read.ground === 'break_glass' ? 'notice-held' : 'fine'}>
        {t(`grounds.${read.ground}`)}
      </p>
      {kind === 'visit' ? (
        <Visits visits={read.visits} />
      ) : read.report ? (
        <Report report={read.report} />
      ) : (
        <Reports reports={read.reports} onOpen={onOpen} />
      )}
    </section>
  )
}

type ReportsProps = { reports: Records['reports']; onOpen: (recordNo: string) => void }

function Reports({ reports, onOpen }: ReportsProps) {
  const { t } = useRecordWords()
  if (reports.length === 0) return <Empty text={t('noReports')} />
  return (
    <ul className="alert-list">
      {reports.map(({ reportNo, name, kind, orderedAt, status }) => (
        <li key={reportNo}>
          <span>
            {name} · {t(`reportKinds.${kind}`)} · <Moment at={orderedAt} /> ·{' '}
            {t(`reportStates.${status}`)}
          </span>
          {status === 'ready' && <Button onClick={() => onOpen(reportNo)}>{t('open')}</Button>}
        </li>
      ))}
    </ul>
  )
}

function Report({ report }: { report: NonNullable<Records['report']> }) {
  const { t } = useRecordWords()
  const { head, findings, conclusion, reportedBy } = report
  return (
    <>
      <h3>{head.name}</h3>
      {findings.length > 0 && (
        <div className="table-frame">
          <table className="data-table">
            <caption className="visually-hidden">{head.name}</caption>
            <thead>
              <tr>
                {(['item', 'value', 'reference', 'flag'] as const).map((column) => (
                  <th key={column} scope="col">
                    {t(`findings.${column}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {findings.map(({ code, name, value, unit, reference, flag }) => (
                <tr key={`${code} ${name}`}>
                  <th scope="row">{name}</th>
                  <td>
                    {value} {unit}
                  </td>
                  <td>{reference}</td>
                  <td>{t(`flags.${flag}`)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {conclusion !== '' && <p>{conclusion}</p>}
      <p className="fine">{t('reportedBy', { name: reportedBy })}</p>
    </>
  )
}

function Visits({ visits }: { visits: Records['visits'] }) {
  const { t } = useRecordWords()
  if (visits.length === 0) return <Empty text={t('noVisits')} />
  return (
    <ul className="alert-list">
      {visits.map(({ startsAt, department, doctor, status }) => (
        <li key={`${startsAt} ${department}`}>
          <Moment at={startsAt} /> · {department} · {doctor} · {t(`visitStates.${status}`)}
        </li>
      ))}
    </ul>
  )
}
