import { Button } from 'antd'
import { type FormEvent, useState } from 'react'

import { api } from '../api.ts'
import { TextField } from '../channels/TextField.tsx'
import { Fault } from '../list/Fault.tsx'
import { may, useStaff } from '../shell/staff.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import type { Terms } from '../terms/model.ts'
import { TermsTable } from '../terms/TermsTable.tsx'
import {
  type CalendarDraft,
  calendarDraftOf,
  EMPTY_CALENDAR,
  readCalendarDraft,
} from './calendar-draft.ts'
import { useCalendarFacts } from './contract-facts.ts'
import { useDecideContract } from './ContractsPage.tsx'
import type { Calendar } from './model.ts'
import { SettlementTabs } from './SettlementTabs.tsx'
import { useProposeTerms } from './use-settlement.ts'
import { useSettlementWords } from './words.ts'

/** The holidays of each year, by which payouts are waited for: proposed by one person, agreed to by another. */
export function CalendarsPage() {
  const { t } = useSettlementWords()
  const staff = useStaff()
  const factsOf = useCalendarFacts()
  const [draft, setDraft] = useState<CalendarDraft | null>(null)
  usePageTitle(t('tabs.calendars'))
  const list = api.query.useQuery('get', '/v1/hospitals/{hospitalId}/settlement/terms', {
    params: { path: { hospitalId: staff.hospitalId }, query: { kind: 'calendar' } },
  })
  const isKeeper = may(staff, 'reconcile')
  const again = ({ name, content }: Terms) => (
    <Button
      type="link"
      size="small"
      onClick={() => setDraft(calendarDraftOf(name, content as Calendar))}
    >
      {t('calendars.again')}
    </Button>
  )
  return (
    <div className="page bank-list settlement-page">
      <header className="page-head">
        <h1>{t('tabs.calendars')}</h1>
        {isKeeper && draft === null && (
          <Button onClick={() => setDraft(EMPTY_CALENDAR)}>{t('calendars.propose')}</Button>
        )}
      </header>
      <SettlementTabs at="calendars" />
      <p className="fine">{t('calendars.hint')}</p>
      {draft && (
        <CalendarForm
          key={`${draft.year} ${draft.daysOff}`}
          start={draft}
          onClose={() => setDraft(null)}
        />
      )}
      <TermsTable
        label={t('tabs.calendars')}
        empty={t('calendars.empty')}
        rows={list.data?.items}
        query={list}
        nameOf={({ name }) => t('calendars.year', { year: name })}
        factsOf={({ content }) => factsOf(content as Calendar)}
        useDecide={useDecideContract}
        {...(isKeeper ? { again } : {})}
      />
      {isKeeper && draft === null && <Known onTake={setDraft} />}
    </div>
  )
}

/** What this release knows of: to be held against the State Council’s notice before it is proposed. */
function Known({ onTake }: { onTake: (draft: CalendarDraft) => void }) {
  const { t } = useSettlementWords()
  const { hospitalId } = useStaff()
  const factsOf = useCalendarFacts()
  const { data } = api.query.useQuery('get', '/v1/hospitals/{hospitalId}/settlement/holidays', {
    params: { path: { hospitalId } },
  })
  if (!data || data.items.length === 0) return null
  return (
    <section className="card" aria-labelledby="known-title">
      <h2 id="known-title">{t('calendars.known')}</h2>
      <p className="notice-held">{t('calendars.check')}</p>
      {data.items.map(({ year, content }) => (
        <div key={year} className="bank-decision">
          <h3 className="bank-title">{t('calendars.year', { year })}</h3>
          <dl className="bank-facts">
            {factsOf(content).map(({ name, value }) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
          <Button onClick={() => onTake(calendarDraftOf(year, content))}>
            {t('calendars.take', { year })}
          </Button>
        </div>
      ))}
    </section>
  )
}

const LINES = 6
const MOST_LETTERS = 5_000

function CalendarForm({ start, onClose }: { start: CalendarDraft; onClose: () => void }) {
  const { t } = useSettlementWords()
  const { hospitalId } = useStaff()
  const [draft, setDraft] = useState(start)
  const [problems, setProblems] = useState<readonly (keyof CalendarDraft)[]>([])
  const propose = useProposeTerms(hospitalId, { words: t('calendars.done'), onDone: onClose })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const read = readCalendarDraft(draft)
    setProblems(read.problems)
    propose.reset()
    if (read.calendar) propose.mutate(read.calendar)
  }
  const days = (name: 'daysOff' | 'workdays') => (
    <div className="field">
      <label htmlFor={`calendar-${name}`}>{t(`calendars.${name}`)}</label>
      <textarea
        id={`calendar-${name}`}
        rows={LINES}
        maxLength={MOST_LETTERS}
        value={draft[name]}
        aria-invalid={problems.includes(name)}
        aria-describedby="calendar-hint"
        onChange={({ target }) => setDraft({ ...draft, [name]: target.value })}
      />
    </div>
  )
  return (
    <form className="card channel-form propose-form" onSubmit={submit} noValidate>
      <h2>{t('calendars.propose')}</h2>
      <TextField
        label={t('calendars.yearField')}
        value={draft.year}
        maxLength={4}
        isNumber
        isWrong={problems.includes('year')}
        onChange={(year) => setDraft({ ...draft, year })}
      />
      <div className="field-row">
        {days('daysOff')}
        {days('workdays')}
      </div>
      <p id="calendar-hint" className="fine">
        {t('calendars.daysHint')}
      </p>
      {problems.length > 0 && (
        <ul className="form-problems" role="alert">
          {problems.map((field) => (
            <li key={field}>{t(`calendars.problems.${field}`)}</li>
          ))}
        </ul>
      )}
      {propose.error !== null && <Fault error={propose.error} />}
      <span className="bank-acts">
        <Button type="primary" htmlType="submit" loading={propose.isPending}>
          {t('calendars.propose')}
        </Button>
        <Button onClick={onClose}>{t('cancel')}</Button>
      </span>
    </form>
  )
}
