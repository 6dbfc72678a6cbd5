import { Link } from '@tanstack/react-router'

import { amountText } from '../../web/amount.ts'
import { Moment } from '../../web/Moment.tsx'
import { useActorName } from '../cases/words.ts'
import { type Column, DataTable } from '../list/DataTable.tsx'
import { Empty } from '../list/Empty.tsx'
import { usePageTitle } from '../shell/use-page-title.ts'
import { ClinicTabs } from './ClinicTabs.tsx'
import { StopChip } from './StopChip.tsx'
import { useSession, useStops } from './use-clinics.ts'
import { type Stop, useClinicWords, useSessionTime } from './words.ts'

/** What does not take place, or is to be decided on, the newest first. */
export function StopsPage() {
  const { t } = useClinicWords()
  usePageTitle(t('stops.title'))
  const list = useStops()
  return (
    <div className="page">
      <header className="page-head">
        <h1>{t('stops.title')}</h1>
        <p className="fine on-wide-only">{t('stops.hint')}</p>
      </header>
      <ClinicTabs at="stops" />
      <DataTable
        label={t('stops.title')}
        columns={useColumns()}
        rows={list.data?.items}
        rowKey={({ id }) => id}
        query={list}
        empty={<Empty text={t('stops.none')} />}
        isMarked={({ status }) => status === 'proposed'}
      />
    </div>
  )
}

function useColumns(): Column<Stop>[] {
  const { t } = useClinicWords()
  const actorName = useActorName()
  return [
    { key: 'session', title: t('doctor'), cell: (stop) => <StopLink stop={stop} /> },
    { key: 'reason', title: t('stops.reason'), onWideOnly: true, cell: ({ reason }) => reason },
    {
      key: 'people',
      title: t('stops.people'),
      isNumber: true,
      cell: ({ impact: { booked, held, checkedIn } }) => booked + held + checkedIn,
    },
    {
      key: 'money',
      title: t('stops.money'),
      isNumber: true,
      onWideOnly: true,
      cell: ({ impact }) => amountText(impact.refundFen),
    },
    {
      key: 'by',
      title: t('stops.by'),
      onWideOnly: true,
      cell: ({ proposedBy, proposedAt }) => (
        <>
          {actorName(proposedBy)} <Moment at={proposedAt} />
        </>
      ),
    },
    { key: 'state', title: t('state'), cell: ({ status }) => <StopChip status={status} /> },
  ]
}

function StopLink({ stop: { id, sessionId } }: { stop: Stop }) {
  const { t } = useClinicWords()
  const timeOf = useSessionTime()
  const session = useSession(sessionId).data
  return (
    <Link to="/clinics/stops/$stopId" params={{ stopId: id }}>
      {session ? `${session.doctor.name} ${timeOf(session)}` : t('stops.open')}
    </Link>
  )
}
