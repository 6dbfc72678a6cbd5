import { Button, Checkbox, Select } from 'antd'
import { useState } from 'react'

import { addDays, type BusinessDate, instantAt } from '../../../kernel/time.ts'
import { amountText } from '../../web/amount.ts'
import { momentText } from '../../web/moment.ts'
import { now, today } from '../clock.ts'
import { type Column, DataTable } from '../list/DataTable.tsx'
import { Empty } from '../list/Empty.tsx'
import { StatusChip, type Tone } from '../list/StatusChip.tsx'
import type { IconName } from '../shell/Icon.tsx'
import { may, useStaff } from '../shell/staff.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import { ClinicTabs } from './ClinicTabs.tsx'
import { type ClinicState, fillOf, mayStop, quotasOf, stateOf } from './figures.ts'
import { StopDialog } from './StopDialog.tsx'
import { DAYS_AHEAD, useClinics } from './use-clinics.ts'
import { type Clinic, useClinicWords, useSessionTime } from './words.ts'

/** 门诊排班: the sessions of the coming days, how full they are, and from here what does not take place. */
export function ClinicsPage() {
  const { t } = useClinicWords()
  usePageTitle(t('title'))
  const staff = useStaff()
  const [day, setDay] = useState<BusinessDate>(today())
  const [departmentCode, setDepartment] = useState<string>()
  const [chosen, choose] = useState<readonly string[]>([])
  const [isStopping, setStopping] = useState(false)
  const list = useClinics(
    departmentCode ? { day: undefined, departmentCode } : { day, departmentCode },
  )
  const rows = list.data?.items
  const stopped = (rows ?? []).filter(
    (clinic) => chosen.includes(clinic.session.id) && mayStop(clinic, now().getTime()),
  )
  const mayPropose = may(staff, 'stopClinics')
  return (
    <div className="page">
      <header className="page-head">
        <h1>{t('title')}</h1>
        <p className="fine on-wide-only">{t('hint')}</p>
      </header>
      <ClinicTabs at="sessions" />
      <div className="filters">
        <DayChoice day={day} onChoose={setDay} isOff={departmentCode !== undefined} />
        <DepartmentChoice day={day} chosen={departmentCode} onChoose={setDepartment} />
        {mayPropose && (
          <Button danger disabled={stopped.length === 0} onClick={() => setStopping(true)}>
            {t('stop.open', { count: stopped.length })}
          </Button>
        )}
      </div>
      {mayPropose && rows?.some(({ session }) => session.origin === 'his') && (
        <p className="notice-held">{t('elsewhere')}</p>
      )}
      <DataTable
        label={t('title')}
        columns={useColumns(mayPropose ? { chosen, choose } : null)}
        rows={rows}
        rowKey={({ session }) => session.id}
        query={list}
        empty={<Empty text={t('none')} />}
        isMarked={({ session }) => chosen.includes(session.id)}
      />
      {list.data?.next && <p className="fine">{t('more')}</p>}
      {isStopping && stopped.length > 0 && (
        <StopDialog
          sessions={stopped.map(({ session }) => session)}
          onClose={() => setStopping(false)}
          onDone={() => choose([])}
        />
      )}
    </div>
  )
}

type DayProps = { day: BusinessDate; onChoose: (day: BusinessDate) => void; isOff: boolean }

/** Of a department all the coming days are shown at once. */
function DayChoice({ day, onChoose, isOff }: DayProps) {
  const { t, i18n } = useClinicWords()
  const days = Array.from({ length: DAYS_AHEAD + 1 }, (_, i) => addDays(today(), i))
  return (
    <label className="queue-pick">
      <span>{t('day')}</span>
      <Select
        aria-label={t('day')}
        value={day}
        disabled={isOff}
        options={days.map((one) => ({
          value: one,
          label: momentText(instantAt(one, '12:00:00'), 'day', i18n.language),
        }))}
        onChange={onChoose}
      />
    </label>
  )
}

type DepartmentProps = {
  day: BusinessDate
  chosen: string | undefined
  onChoose: (code: string | undefined) => void
}

function DepartmentChoice({ day, chosen, onChoose }: DepartmentProps) {
  const { t } = useClinicWords()
  const ofDay = useClinics({ day, departmentCode: undefined }).data?.items ?? []
  const departments = new Map(ofDay.map(({ session }) => [session.department.code, session]))
  const options = [...departments.values()].map(({ department }) => ({
    value: department.code,
    label: department.name,
  }))
  return (
    <label className="queue-pick">
      <span>{t('department')}</span>
      <Select
        aria-label={t('department')}
        allowClear
        placeholder={t('everyDepartment')}
        value={chosen ?? null}
        options={options}
        onChange={(code: string | null | undefined) => onChoose(code ?? undefined)}
      />
    </label>
  )
}

type Choosing = { chosen: readonly string[]; choose: (ids: readonly string[]) => void }

function useColumns(choosing: Choosing | null): Column<Clinic>[] {
  const { t } = useClinicWords()
  const timeOf = useSessionTime()
  return [
    ...(choosing ? [choiceColumn(choosing, t('choose'), timeOf)] : []),
    {
      key: 'doctor',
      title: t('doctor'),
      cell: ({ session }) => (
        <>
          <strong>{session.doctor.name}</strong> <span className="fine">{session.clinic}</span>
          <br />
          <span className="fine">{session.department.name}</span>
        </>
      ),
    },
    {
      key: 'time',
      title: t('time'),
      cell: ({ session }) => (
        <>
          {timeOf(session)}
          <br />
          <span className="fine">{session.location}</span>
        </>
      ),
    },
    { key: 'fill', title: t('fill'), cell: (clinic) => <FillBar clinic={clinic} /> },
    {
      key: 'quotas',
      title: t('quotas'),
      onWideOnly: true,
      cell: (clinic) => <Quotas clinic={clinic} />,
    },
    {
      key: 'fee',
      title: t('fee'),
      isNumber: true,
      onWideOnly: true,
      cell: ({ session }) => amountText(session.feeFen),
    },
    { key: 'state', title: t('state'), cell: (clinic) => <StateChip clinic={clinic} /> },
  ]
}

const choiceColumn = (
  { chosen, choose }: Choosing,
  title: string,
  timeOf: (session: Clinic['session']) => string,
): Column<Clinic> => ({
  key: 'choice',
  title: <span className="visually-hidden">{title}</span>,
  cell: (clinic) => {
    const { id, doctor } = clinic.session
    return (
      <Checkbox
        aria-label={`${title} ${doctor.name} ${timeOf(clinic.session)}`}
        disabled={!mayStop(clinic, now().getTime())}
        checked={chosen.includes(id)}
        onChange={({ target }) =>
          choose(target.checked ? [...chosen, id] : chosen.filter((one) => one !== id))
        }
      />
    )
  },
})

function FillBar({ clinic }: { clinic: Clinic }) {
  const { t } = useClinicWords()
  const { total, sold, held, left } = fillOf(clinic)
  const width = (part: number) => ({ width: `${total === 0 ? 0 : (100 * part) / total}%` })
  return (
    <div className="clinic-fill">
      <div className="bank-scale" aria-hidden="true">
        <span className="bank-fill" style={width(sold)} />
        <span className="bank-fill-held" style={width(held)} />
      </div>
      <span className="fine">{t('filled', { total, sold, held, left })}</span>
    </div>
  )
}

/** Numbers that are kept for somebody, and until when. */
function Quotas({ clinic }: { clinic: Clinic }) {
  const { t, i18n } = useClinicWords()
  const quotas = quotasOf(clinic)
  if (quotas.length === 0) return <span className="fine">{t('noQuotas')}</span>
  return (
    <ul className="rule-groups">
      {quotas.map(({ source, total, left, flowsBackAt }) => (
        <li key={source}>
          {t(`sources.${source}`)} {t('quotaLeft', { total, left })}
          {flowsBackAt !== null && (
            <>
              <br />
              <span className="fine">
                {t('flowsBack', { at: momentText(flowsBackAt, 'moment', i18n.language) })}
              </span>
            </>
          )}
        </li>
      ))}
    </ul>
  )
}

const CHIPS: Record<ClinicState, { tone: Tone; icon: IconName }> = {
  open: { tone: 'good', icon: 'check' },
  full: { tone: 'plain', icon: 'check' },
  unreleased: { tone: 'plain', icon: 'clock' },
  proposed: { tone: 'held', icon: 'clock' },
  stopped: { tone: 'bad', icon: 'alert' },
  over: { tone: 'plain', icon: 'clock' },
}

function StateChip({ clinic }: { clinic: Clinic }) {
  const { t, i18n } = useClinicWords()
  const state = stateOf(clinic, now().getTime())
  const at = momentText(clinic.session.releasesAt, 'moment', i18n.language)
  return (
    <>
      <StatusChip {...CHIPS[state]} text={t(`states.${state}`)} />
      {state === 'unreleased' && (
        <>
          <br />
          <span className="fine">{t('releases', { at })}</span>
        </>
      )}
    </>
  )
}
