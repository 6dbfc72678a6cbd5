import { Button } from 'antd'
import { type FormEvent } from 'react'

import { formText } from '../../web/form-text.ts'
import { readFailure } from '../../web/problem.ts'
import { Fault } from '../list/Fault.tsx'
import { useStaff } from '../shell/staff.ts'
import { type MediumAct, useMediumAct } from './use-media.ts'
import { KINDS, type Kind, type Medium, useMediaWords } from './words.ts'

type ActFormProps = {
  personId: string
  act: MediumAct['act']
  medium: Medium | null
  onClose: () => void
  onDone: () => void
}

/** One act with its reason; the password where it was not given in the last minutes. */
export function ActForm({ personId, act, medium, onClose, onDone }: ActFormProps) {
  const { t } = useMediaWords()
  const { hospitalId } = useStaff()
  const change = useMediumAct(hospitalId, personId)
  const isProofAsked =
    change.error !== null && readFailure(change.error).code === 'identity.step_up_required'
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const fields = new FormData(event.currentTarget)
    const wish = wishOf(act, medium, fields)
    change.mutate({ wish, password: formText(fields, 'password') }, { onSuccess: onDone })
  }
  return (
    <form className="note-form" onSubmit={submit} aria-label={t(`acts.${act}`)}>
      <h3>
        {t(`acts.${act}`)} {medium && `${t(`kinds.${medium.kind}`)} ${medium.masked}`}
      </h3>
      <p className="fine">{t(`notes.${act}`)}</p>
      {act === 'bind' && <KindField />}
      {(act === 'bind' || act === 'replacement') && (
        <label>
          {t('newNumber')}
          <input name="value" required maxLength={200} autoComplete="off" />
        </label>
      )}
      <label>
        {t('reason')}
        <input name="reason" required maxLength={200} autoComplete="off" />
      </label>
      {isProofAsked && (
        <label>
          {t('password')}
          <input name="password" type="password" required autoComplete="current-password" />
        </label>
      )}
      {change.error !== null && <Fault error={change.error} />}
      <div className="actions">
        <Button htmlType="submit" type="primary" loading={change.isPending}>
          {t('send')}
        </Button>
        <Button onClick={onClose}>{t('close')}</Button>
      </div>
    </form>
  )
}

function KindField() {
  const { t } = useMediaWords()
  return (
    <label>
      {t('newKind')}
      <select name="kind">
        {KINDS.map((kind) => (
          <option key={kind} value={kind}>
            {t(`kinds.${kind}`)}
          </option>
        ))}
      </select>
    </label>
  )
}

function wishOf(act: MediumAct['act'], medium: Medium | null, fields: FormData): MediumAct {
  const reason = formText(fields, 'reason')
  const value = formText(fields, 'value')
  const id = medium?.id ?? ''
  if (act === 'bind') return { act, kind: formText(fields, 'kind') as Kind, value, reason }
  return act === 'replacement' ? { act, id, value, reason } : { act, id, reason }
}
