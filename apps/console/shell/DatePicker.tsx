import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import { type FormEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { addDays, type BusinessDate, instantAt, isBusinessDate } from '../../../kernel/time.ts'
import { momentText } from '../../web/moment.ts'
import { today } from '../clock.ts'
import { dropCursors } from '../search/params.ts'
import { Icon } from './Icon.tsx'

const office = getRouteApi('/office')

/** The business date of the page: that of the URL, or else today. */
export const useBusinessDate = (): BusinessDate =>
  office.useSearch({ select: ({ date }) => date ?? today() })

/** Changes the business date that every page is about. */
export function DatePicker() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const date = useBusinessDate()
  const isToday = date >= today()
  const show = (next: BusinessDate) => {
    // A place in the list of one day is no place in the list of another.
    void navigate({ to: '.', search: (search) => ({ ...dropCursors(search), date: next }) })
  }
  return (
    <div className="date-picker" role="group" aria-label={t('date.label')}>
      <Button
        type="text"
        icon={<Icon name="left" />}
        aria-label={t('date.before')}
        onClick={() => show(addDays(date, -1))}
      />
      <DateField key={date} date={date} onShow={show} />
      <Button
        type="text"
        icon={<Icon name="right" />}
        aria-label={t('date.after')}
        aria-disabled={isToday}
        title={isToday ? t('date.noLater') : undefined}
        className={isToday ? 'is-off' : ''}
        onClick={() => isToday || show(addDays(date, 1))}
      />
      {!isToday && (
        <Button size="small" onClick={() => show(today())}>
          {t('date.today')}
        </Button>
      )}
    </div>
  )
}

/** Typed as 2026-11-21 in every language, or picked in the browser's own calendar. */
function DateField({ date, onShow }: { date: BusinessDate; onShow: (date: BusinessDate) => void }) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState<string>(date)
  const calendar = useRef<HTMLInputElement>(null)
  const isWrong = !isBusinessDate(typed) || typed > today()
  const apply = (event: FormEvent) => {
    event.preventDefault()
    if (isBusinessDate(typed) && !isWrong && typed !== date) onShow(typed)
    else setTyped(date)
  }
  const pick = (picked: string) => {
    if (isBusinessDate(picked) && picked <= today()) onShow(picked)
  }
  return (
    <form className="date-field" onSubmit={apply}>
      <input
        aria-label={t('date.label')}
        aria-invalid={isWrong}
        inputMode="numeric"
        maxLength={10}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={apply}
      />
      <span className="date-weekday">{useWeekday(date)}</span>
      <input
        ref={calendar}
        type="date"
        className="date-native"
        tabIndex={-1}
        aria-hidden="true"
        value={date}
        max={today()}
        onChange={(event) => pick(event.target.value)}
      />
      <Button
        type="text"
        size="small"
        icon={<Icon name="down" />}
        aria-label={t('date.pick')}
        onClick={() => calendar.current?.showPicker()}
      />
    </form>
  )
}

function useWeekday(date: BusinessDate): string {
  const { i18n } = useTranslation()
  const words = momentText(instantAt(date, '12:00:00'), 'day', i18n.language).split(' ')
  return words.find((word) => /^周|^[A-Z][a-z]{2},?$/.test(word))?.replace(',', '') ?? ''
}
