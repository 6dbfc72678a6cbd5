import { Button, Segmented } from 'antd'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { given } from '../search/params.ts'
import { Icon } from '../shell/Icon.tsx'
import { lookOfAnswer, STATUS_CLASSES } from './model.ts'
import type { RequestsSearch } from './search.ts'
import { useApplications } from './use-applications.ts'

type RequestFiltersProps = { search: RequestsSearch; onChange: (search: RequestsSearch) => void }

/** By application, by how it ended, by time of the day at the top, or by the number that a partner was given. */
export function RequestFilters({ search, onChange }: RequestFiltersProps) {
  const { t } = useTranslation()
  const applications = useApplications().data?.items ?? []
  const change = (changes: Changes) => onChange(given({ ...search, ...changes }))
  return (
    <div className="filters" role="group" aria-label={t('filters.label')}>
      <select
        aria-label={t('partners.request.who')}
        value={search.applicationId ?? ''}
        onChange={({ target: { value } }) =>
          change({ applicationId: value === '' ? undefined : value })
        }
      >
        <option value="">{t('partners.request.anybody')}</option>
        {applications.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
      <div className="choices" role="group" aria-label={t('payments.status')}>
        {STATUS_CLASSES.map((each) => (
          <button
            key={each}
            type="button"
            className={`chip chip-${lookOfAnswer(Number(each[0]) * 100).tone}`}
            aria-pressed={each === search.status}
            onClick={() => change({ status: each === search.status ? undefined : each })}
          >
            {t(`partners.request.classes.${each}`)}
          </button>
        ))}
      </div>
      <TimeFilter search={search} onChange={change} />
      <NumberFilter key={search.requestId ?? ''} search={search} onChange={change} />
      {Object.keys(search).length > 0 && (
        <Button type="link" onClick={() => onChange({})}>
          {t('filters.clear')}
        </Button>
      )}
    </div>
  )
}

type Changes = { [Name in keyof RequestsSearch]?: RequestsSearch[Name] | undefined }
type PartProps = { search: RequestsSearch; onChange: (changes: Changes) => void }

function TimeFilter({ search, onChange }: PartProps) {
  const { t } = useTranslation()
  const { onDay, from, to } = search
  return (
    <>
      <Segmented
        aria-label={t('filters.by.label')}
        value={onDay ? 'day' : 'any'}
        options={[
          { value: 'any', label: t('filters.by.any') },
          { value: 'day', label: t('partners.request.onDay') },
        ]}
        onChange={(value) =>
          onChange(
            value === 'day'
              ? { onDay: true }
              : { onDay: undefined, from: undefined, to: undefined },
          )
        }
      />
      {onDay && (
        <span className="partner-hours">
          <input
            type="time"
            aria-label={t('partners.replay.since')}
            value={from ?? ''}
            onChange={({ target: { value } }) => onChange({ from: value || undefined })}
          />
          –
          <input
            type="time"
            aria-label={t('partners.replay.until')}
            value={to ?? ''}
            onChange={({ target: { value } }) => onChange({ to: value || undefined })}
          />
        </span>
      )}
    </>
  )
}

const MOST_LETTERS = 100

function NumberFilter({ search, onChange }: PartProps) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState(search.requestId ?? '')
  const apply = (event: FormEvent) => {
    event.preventDefault()
    onChange({ requestId: typed.trim() === '' ? undefined : typed.trim() })
  }
  return (
    <form className="bill-filter" onSubmit={apply}>
      <input
        value={typed}
        maxLength={MOST_LETTERS}
        placeholder={t('partners.request.id')}
        aria-label={t('partners.request.id')}
        onChange={(event) => setTyped(event.target.value)}
      />
      <Button htmlType="submit" icon={<Icon name="search" />} aria-label={t('filters.apply')} />
    </form>
  )
}
