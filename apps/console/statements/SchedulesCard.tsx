import { Button } from 'antd'
import { useState } from 'react'

import { Empty } from '../list/Empty.tsx'
import { Fault } from '../list/Fault.tsx'
import { StatusChip } from '../list/StatusChip.tsx'
import { may, useStaff } from '../shell/staff.ts'
import { useProviderName } from '../shell/use-names.ts'
import type { Schedule } from './model.ts'
import { ScheduleDialog } from './ScheduleDialog.tsx'
import { useLayoutTitle, type useSchedules } from './use-statements.ts'
import { useStatementWords } from './words.ts'

/** Which source gives what, and when; finance says so. */
export function SchedulesCard({ query }: { query: ReturnType<typeof useSchedules> }) {
  const { t } = useStatementWords()
  const staff = useStaff()
  const [open, setOpen] = useState<Schedule | 'new' | null>(null)
  const { data, error, refetch } = query
  const isKeeper = may(staff, 'reconcile')
  return (
    <section className="card" aria-labelledby="schedules-title">
      <div className="card-head">
        <h2 id="schedules-title">{t('schedules.title')}</h2>
        {isKeeper && (
          <Button size="small" onClick={() => setOpen('new')}>
            {t('schedules.add')}
          </Button>
        )}
      </div>
      {error !== null && <Fault error={error} onRetry={() => void refetch()} />}
      {data?.items.length === 0 && <Empty text={t('schedules.none')} />}
      <ul className="schedules">
        {data?.items.map((schedule) => (
          <OneSchedule
            key={schedule.source}
            schedule={schedule}
            onEdit={isKeeper ? () => setOpen(schedule) : null}
          />
        ))}
      </ul>
      {!isKeeper && <p className="fine">{t('schedules.notYours')}</p>}
      {open !== null && (
        <ScheduleDialog known={open === 'new' ? null : open} onClose={() => setOpen(null)} />
      )}
    </section>
  )
}

type OneScheduleProps = { schedule: Schedule; onEdit: (() => void) | null }

function OneSchedule({ schedule, onEdit }: OneScheduleProps) {
  const { t } = useStatementWords()
  const nameOf = useProviderName()
  const titleOf = useLayoutTitle()
  const { source, layout, account, expectedAt, lateAt, missingAt, dayOffset, isActive } = schedule
  return (
    <li>
      <div>
        <strong>{nameOf(source)}</strong> · {titleOf(layout)}
        {!isActive && (
          <>
            {' '}
            <StatusChip tone="plain" icon="lock" text={t('schedules.isOff')} />
          </>
        )}
        <p className="fine">
          {t('schedules.offsetOf', { count: dayOffset })} · {t('schedules.times')} {expectedAt} /{' '}
          {lateAt} / {missingAt} · {t(`schedules.calendars.${schedule.calendar}`)}
          {account !== null && ` · ${t('schedules.account')} ${account}`}
        </p>
      </div>
      {onEdit && (
        <Button
          size="small"
          aria-label={t('schedules.editOf', { source: nameOf(source) })}
          onClick={onEdit}
        >
          {t('schedules.edit')}
        </Button>
      )}
    </li>
  )
}
