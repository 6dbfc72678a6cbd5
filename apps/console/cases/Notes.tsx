import { Button } from 'antd'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Moment } from '../../web/Moment.tsx'
import { Empty } from '../list/Empty.tsx'
import { Fault } from '../list/Fault.tsx'
import type { Case } from '../search/choices.ts'
import { may, useStaff } from '../shell/staff.ts'
import { useCaseActions } from './use-case-action.ts'
import { useActorName } from './words.ts'

const MOST_LETTERS = 2_000

/** What was said about the case, the oldest first. Notes are never changed. */
export function Notes({ known }: { known: Case }) {
  const { t } = useTranslation()
  const actorName = useActorName()
  const staff = useStaff()
  // Of an adjustment the hub notes which it was, by its code.
  const noteText = (text: string) =>
    text.replace(/^([a-z]+_[a-z_]+): /, (_all, kind: string) => {
      const words = t(`cases.adjust.kinds.${kind}`, { defaultValue: kind })
      return `${words}：`
    })
  return (
    <section className="card" aria-labelledby="notes-title">
      <h2 id="notes-title">{t('cases.notes')}</h2>
      {known.notes.length === 0 && <Empty text={t('cases.noNotes')} />}
      <ol className="notes">
        {known.notes.map(({ at, actor, text }) => (
          <li key={at + actor}>
            <p className="fine">
              {actorName(actor)} · <Moment at={at} form="exact" />
            </p>
            <p className="note-text">{noteText(text)}</p>
          </li>
        ))}
      </ol>
      {may(staff, 'reconcile') ? (
        <NewNote known={known} />
      ) : (
        <p className="fine">{t('cases.takeNot.role')}</p>
      )}
    </section>
  )
}

function NewNote({ known }: { known: Case }) {
  const { t } = useTranslation()
  const { hospitalId } = useStaff()
  const { note, params } = useCaseActions(known, hospitalId)
  const [text, setText] = useState('')
  const write = (event: FormEvent) => {
    event.preventDefault()
    if (text.trim() === '') return
    note.mutate({ ...params, body: { text: text.trim() } }, { onSuccess: () => setText('') })
  }
  return (
    <form className="note-form" onSubmit={write}>
      <label>
        {t('cases.newNote')}
        <textarea
          rows={3}
          required
          maxLength={MOST_LETTERS}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </label>
      {note.error !== null && <Fault error={note.error} />}
      <Button htmlType="submit" loading={note.isPending}>
        {t('cases.writeNote')}
      </Button>
    </form>
  )
}
