import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { formText } from '../../web/form-text.ts'
import { readFailure } from '../../web/problem.ts'
import { FailureBox } from '../parts/FailureBox.tsx'
import { useHospitalName } from '../parts/hospitals.ts'
import { isDocument, type Medium, type OwnAct, useOwnAct, useProof } from './use-media.ts'

/** One card or code, and what its holder may do with it. */
export function MediumCard({ medium }: { medium: Medium }) {
  const { t } = useTranslation('media')
  const [act, setAct] = useState<OwnAct | null>(null)
  const hospital = useHospitalName(medium.hospitalId ?? 0)
  const { kind, masked, status } = medium
  return (
    <section className="card" aria-label={`${t(`kinds.${kind}`)} ${masked}`}>
      <p>
        <strong>{t(`kinds.${kind}`)}</strong> {hospital}
      </p>
      <p>{masked}</p>
      <p className="note">{t(`states.${status}`)}</p>
      {status === 'active' && act === null && (
        <div className="button-row">
          <button type="button" className="button" onClick={() => setAct('loss')}>
            {t('loss')}
          </button>
          {!isDocument(medium) && (
            <button type="button" className="button" onClick={() => setAct('end')}>
              {t('end')}
            </button>
          )}
        </div>
      )}
      {act !== null && <ActForm medium={medium} act={act} onDone={() => setAct(null)} />}
    </section>
  )
}

type ActFormProps = { medium: Medium; act: OwnAct; onDone: () => void }

/** Why, and the password where the hub asks for it. */
function ActForm({ medium, act, onDone }: ActFormProps) {
  const { t } = useTranslation('media')
  const own = useOwnAct(medium)
  const prove = useProof()
  const isProofAsked =
    own.error !== null && readFailure(own.error).code === 'identity.step_up_required'
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const fields = new FormData(event.currentTarget)
    const wish = { act, reason: formText(fields, 'reason') }
    if (isProofAsked) await prove.mutateAsync(formText(fields, 'password'))
    own.mutate(wish, { onSuccess: onDone })
  }
  const isBusy = own.isPending || prove.isPending
  return (
    <form
      className="consent"
      onSubmit={(event) => void submit(event).catch(() => undefined)} // said below
      aria-label={t(act)}
    >
      <p className="note">{t(`${act}Note`)}</p>
      <label className="limit">
        {t('reason')}
        <input name="reason" required maxLength={200} autoComplete="off" />
      </label>
      {isProofAsked && (
        <label className="limit">
          {t('password')}
          <input name="password" type="password" required autoComplete="current-password" />
        </label>
      )}
      {isProofAsked && !prove.error && <p role="status">{t('proofAsked')}</p>}
      {prove.error && <FailureBox error={prove.error} />}
      {own.error && !isProofAsked && <FailureBox error={own.error} />}
      <div className="button-row">
        <button type="button" className="button" onClick={onDone}>
          {t('notNow')}
        </button>
        <button type="submit" className="button button-primary" disabled={isBusy}>
          {t(`${act}Yes`)}
        </button>
      </div>
    </form>
  )
}
