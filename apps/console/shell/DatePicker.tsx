import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { Button, Tooltip } from 'antd'
import { useTranslation } from 'react-i18next'

import { addDays, instantAt, isBusinessDate } from '../../../kernel/time.ts'
import { momentText } from '../../web/moment.ts'
import { today } from '../clock.ts'
import { dropCursors } from '../search/params.ts'
import { Icon } from './Icon.tsx'

/** The business date that every page is about, kept in the URL. */
export function DatePicker() {
  const { t, i18n } = useTranslation()
  const navigate = useNavigate()
  const date = useBusinessDate()
  const isToday = date >= today()
  const show = (next: string) => {
    if (!isBusinessDate(next)) return
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
      <input
        type="date"
        aria-label={t('date.label')}
        value={date}
        max={today()}
        required
        onChange={(event) => show(event.target.value)}
      />
      <span className="date-weekday">
        {momentText(instantAt(date, '12:00:00'), 'day', i18n.language).split(' ').at(i18n.language === 'en' ? 0 : -1)}
      </span>
      <Tooltip title={isToday ? t('date.noLater') : null}>
        <Button
          type="text"
          icon={<Icon name="right" />}
          aria-label={t('date.after')}
          aria-disabled={isToday}
          className={isToday ? 'is-off' : ''}
          onClick={() => isToday || show(addDays(date, 1))}
        />
      </Tooltip>
      {!isToday && <Button size="small" onClick={() => show(today())}>{t('date.today')}</Button>}
    </div>
  )
}

const office = getRouteApi('/office')

export const useBusinessDate = () => office.useSearch({ select: ({ date }) => date ?? today() })
