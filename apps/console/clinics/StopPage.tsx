import { getRouteApi } from '@tanstack/react-router'
import { Button, Skeleton } from 'antd'
import { type ReactNode, useState } from 'react'

import { amountText } from '../../web/amount.ts'
import { Moment } from '../../web/Moment.tsx'
import { useActorName } from '../cases/words.ts'
import { Fault } from '../list/Fault.tsx'
import { may, useStaff } from '../shell/staff.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import { ClinicTabs } from './ClinicTabs.tsx'
import { countOf, type Figure, FIGURES } from './figures.ts'
import { PeopleTable } from './PeopleTable.tsx'
import { StopChip } from './StopChip.tsx'
import { useDecide, useStop } from './use-clinics.ts'
import { type Progress, useClinicWords, useSessionTime } from './words.ts'

/** One stop: what it is to a second person who decides, and then how far it is with its people. */
export function StopPage() {
  const { t } = useClinicWords()
  const { stopId: id } = getRouteApi('/office/clinics/stops/$stopId').useParams()
  usePageTitle(t('stops.one'))
  const { data, error, refetch } = useStop(id)
  return (
    <div className="page">
      <header className="page-head">
        <h1>{t('stops.one')}</h1>
        {data && <StopChip status={data.stop.status} />}
      </header>
      <ClinicTabs at="stops" />
      {error !== null && <Fault error={error} onRetry={() => void refetch()} />}
      {!data && error === null && <Skeleton active paragraph={{ rows: 6 }} />}
      {data && <Facts progress={data} />}
      {data?.stop.status === 'proposed' && <Decision progress={data} />}
      {data?.stop.status === 'carried_out' && <People progress={data} />}
    </div>
  )
}

function Facts({ progress: { stop, session } }: { progress: Progress }) {
  const { t } = useClinicWords()
  const timeOf = useSessionTime()
  const actorName = useActorName()
  const { reason, impact, proposedBy, proposedAt, decidedBy, decidedAt } = stop
  const { booked, held, checkedIn, paid, refundFen, equalSlots } = impact
  const facts: [string, ReactNode][] = [
    [t('doctor'), `${session.department.name} ${session.doctor.name}`],
    [t('time'), timeOf(session)],
    [t('stops.reason'), reason],
    [t('stops.atFirst'), t('stop.people', { booked, held, checkedIn })],
    [t('stops.money'), t('stop.money', { count: paid, money: amountText(refundFen) })],
    [t('stops.equal'), t('stop.offers', { slots: equalSlots })],
    [
      t('stops.by'),
      <span key="v">
        {actorName(proposedBy)} <Moment at={proposedAt} form="exact" />
      </span>,
    ],
    ...(decidedBy === null
      ? []
      : [
          [
            t('stops.decidedBy'),
            <span key="v">
              {actorName(decidedBy)} <Moment at={decidedAt} form="exact" />
            </span>,
          ] satisfies [string, ReactNode],
        ]),
  ]
  return (
    <section className="card" aria-label={t('stops.one')}>
      <dl className="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

function Decision({ progress: { stop } }: { progress: Progress }) {
  const { t } = useClinicWords()
  const staff = useStaff()
  const decide = useDecide(stop.id, t('stops.decided'))
  if (!may(staff, 'stopClinics')) return <p className="notice-held">{t('stops.readOnly')}</p>
  if (stop.proposedBy.endsWith(staff.staffId)) {
    return <p className="notice-held">{t('stops.own')}</p>
  }
  const { booked, held, checkedIn } = stop.impact
  return (
    <section className="card" aria-label={t('stops.decide')}>
      <p>{t('stops.decideNote')}</p>
      {decide.error !== null && <Fault error={decide.error} />}
      <div className="filters">
        <Button
          type="primary"
          danger
          loading={decide.isPending && decide.variables}
          disabled={decide.isPending}
          onClick={() => decide.mutate(true)}
        >
          {t('stops.agree', { count: booked + held + checkedIn })}
        </Button>
        <Button
          loading={decide.isPending && !decide.variables}
          disabled={decide.isPending}
          onClick={() => decide.mutate(false)}
        >
          {t('stops.decline')}
        </Button>
      </div>
    </section>
  )
}

const HAVE_MONEY: ReadonlySet<Figure> = new Set(['moved', 'returned', 'returning', 'deciding'])

/** Each figure is a button that opens the people behind it. */
function People({ progress }: { progress: Progress }) {
  const { t } = useClinicWords()
  const [chosen, choose] = useState<Figure>('told')
  return (
    <section aria-label={t('stops.progress')}>
      <div className="clinic-figures" role="group" aria-label={t('stops.progress')}>
        {FIGURES.map((figure) => {
          const { people, feeFen } = countOf(progress, figure)
          return (
            <button
              key={figure}
              type="button"
              className="clinic-figure"
              aria-pressed={figure === chosen}
              onClick={() => choose(figure)}
            >
              <span>{t(`figures.${figure}`)}</span>
              <strong>{t('persons', { count: people })}</strong>
              {HAVE_MONEY.has(figure) && <span className="fine">{amountText(feeFen)}</span>}
            </button>
          )
        })}
      </div>
      <PeopleTable stopId={progress.stop.id} figure={chosen} />
    </section>
  )
}
