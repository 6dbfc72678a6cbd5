import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Moment } from '../../web/Moment.tsx'
import { now } from '../clock.ts'
import type { Case } from '../search/choices.ts'
import { Icon } from '../shell/Icon.tsx'
import { timeLeft } from './time-left.ts'

const TICK_MS = 15_000

/** Until when, and how long that is from now. It counts on while somebody looks. */
export function Deadline({ dueAt, status }: Pick<Case, 'dueAt' | 'status'>) {
  const { t } = useTranslation()
  const [at, setAt] = useState(now)
  useEffect(() => {
    const timer = setInterval(() => setAt(now()), TICK_MS)
    return () => clearInterval(timer)
  }, [])
  if (status === 'resolved') return <Moment at={dueAt} form="exact" />
  const { isOver, days, hours, minutes } = timeLeft(new Date(dueAt), at)
  const length = [
    days > 0 ? t('cases.days', { count: days }) : '',
    hours > 0 ? t('cases.hours', { count: hours }) : '',
    days === 0 ? t('cases.minutes', { count: minutes }) : '',
  ].join(' ')
  return (
    <span className={`deadline ${isOver ? 'tone-bad' : 'tone-held'}`}>
      <Icon name={isOver ? 'alert' : 'clock'} />
      <span className="two-lines">
        {t(isOver ? 'cases.overdue' : 'cases.left', { length: length.trim() })}
        <span className="fine">
          <Moment at={dueAt} form="exact" />
        </span>
      </span>
    </span>
  )
}
