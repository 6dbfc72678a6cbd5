import { Button } from 'antd'
import { type FormEvent, useState } from 'react'

import { formText } from '../../web/form-text.ts'
import { Fault } from '../list/Fault.tsx'
import { useStaff } from '../shell/staff.ts'
import { Choice } from './Choice.tsx'
import { useBreakGlass } from './use-records.ts'
import { type GlassWish, type Reading, REASONS, useRecordWords } from './words.ts'

const MOST_LETTERS = 300

type GlassFormProps = { asked: Reading; because: string; onBroken: () => void }

/** The patient does not allow it: what is lacking, and what a doctor may do in an emergency, with what follows from it. */
export function GlassForm({ asked, because, onBroken }: GlassFormProps) {
  const { t } = useRecordWords()
  const { hospitalId } = useStaff()
  const [words, setWords] = useState('')
  const glass = useBreakGlass(hospitalId, { words: t('glass.done'), onDone: onBroken })
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const reason = formText(new FormData(event.currentTarget), 'reason') as GlassWish['reason']
    const { medium, holderId } = asked
    glass.mutate({ medium, holderId, reason, words: words.trim() })
  }
  return (
    <section className="card" aria-labelledby="records-refused" role="alert">
      <h2 id="records-refused">{t('refused')}</h2>
      <p>{t(`because.${because}`)}</p>
      <p className="fine">{t('askPatient')}</p>
      <form className="note-form" onSubmit={submit} aria-label={t('glass.title')}>
        <h3>{t('glass.title')}</h3>
        <p className="notice-held">{t('glass.warning')}</p>
        <Choice
          name="reason"
          label={t('glass.reason')}
          values={REASONS}
          word={(reason) => t(`reasons.${reason}`)}
        />
        <label>
          {t('glass.words')}
          <textarea
            rows={2}
            required
            maxLength={MOST_LETTERS}
            value={words}
            onChange={(event) => setWords(event.target.value)}
          />
        </label>
        {glass.error !== null && <Fault error={glass.error} />}
        <Button danger htmlType="submit" disabled={words.trim() === ''} loading={glass.isPending}>
          {t('glass.open')}
        </Button>
      </form>
    </section>
  )
}
