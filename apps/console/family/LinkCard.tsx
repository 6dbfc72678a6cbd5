import { Button } from 'antd'
import { type FormEvent } from 'react'

import { amountText } from '../../web/amount.ts'
import { formText } from '../../web/form-text.ts'
import { Moment } from '../../web/Moment.tsx'
import { Fault } from '../list/Fault.tsx'
import { useStaff } from '../shell/staff.ts'
import { useDecide, useEnd } from './use-links.ts'
import {
  type Decision,
  END_REASONS,
  type Ending,
  EVIDENCE,
  type FamilyLink,
  useFamilyWords,
} from './words.ts'

type LinkCardProps = { link: FamilyLink; onDone: () => void }

/** One link with what it lets the carer do, and what a desk may do with it. */
export function LinkCard({ link, onDone }: LinkCardProps) {
  const { t } = useFamilyWords()
  const { carerName, memberName, relation, ground, scopes, mostFen, standing, expiresAt } = link
  const title = t('pair', { carer: carerName, member: memberName })
  return (
    <article className="card" aria-label={title}>
      <h2>{title}</h2>
      <p>
        {t(`relations.${relation}`)} · {t(`grounds.${ground}`)} · {t(`standings.${standing}`)}
      </p>
      <p>
        {scopes.map((scope) => t(`scopes.${scope}`)).join(t('and'))}
        {mostFen !== null && ` · ${t('most', { amount: amountText(mostFen) })}`} · {t('until')}{' '}
        <Moment at={expiresAt} form="day" />
      </p>
      {standing === 'waiting' && <DecideForm link={link} onDone={onDone} />}
      {standing === 'in_force' && <EndForm link={link} onDone={onDone} />}
    </article>
  )
}

function DecideForm({ link: { id, ground }, onDone }: LinkCardProps) {
  const { t } = useFamilyWords()
  const { hospitalId } = useStaff()
  const decide = useDecide(hospitalId, { words: t('decided'), onDone })
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const fields = new FormData(event.currentTarget)
    const evidence = formText(fields, 'evidence') as Decision['evidence']
    const { submitter } = event.nativeEvent as SubmitEvent
    const verdict = submitter?.getAttribute('value') === 'agreed' ? 'agreed' : 'refused'
    decide.mutate({ id, verdict, evidence })
  }
  return (
    <form className="note-form" onSubmit={submit} aria-label={t('decide')}>
      <label>
        {t('evidence')}
        <select name="evidence">
          {EVIDENCE[ground].map((kind) => (
            <option key={kind} value={kind}>
              {t(`evidences.${kind}`)}
            </option>
          ))}
        </select>
      </label>
      <p className="fine">{t(`ask.${ground}`)}</p>
      {decide.error !== null && <Fault error={decide.error} />}
      <div className="actions">
        <Button htmlType="submit" value="refused" loading={decide.isPending}>
          {t('refuse')}
        </Button>
        <Button type="primary" htmlType="submit" value="agreed" loading={decide.isPending}>
          {t('agree')}
        </Button>
      </div>
    </form>
  )
}

function EndForm({ link: { id }, onDone }: LinkCardProps) {
  const { t } = useFamilyWords()
  const { hospitalId } = useStaff()
  const end = useEnd(hospitalId, { words: t('ended'), onDone })
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const reason = formText(new FormData(event.currentTarget), 'reason') as Ending['reason']
    end.mutate({ id, reason })
  }
  return (
    <form className="note-form" onSubmit={submit} aria-label={t('end')}>
      <label>
        {t('reason')}
        <select name="reason">
          {END_REASONS.map((reason) => (
            <option key={reason} value={reason}>
              {t(`reasons.${reason}`)}
            </option>
          ))}
        </select>
      </label>
      {end.error !== null && <Fault error={end.error} />}
      <Button danger htmlType="submit" loading={end.isPending}>
        {t('end')}
      </Button>
    </form>
  )
}
