import { Button } from 'antd'
import { useEffect, useState } from 'react'

import type { operations } from '../../../contract/hub.d.ts'
import { readFailure } from '../../web/problem.ts'
import { api } from '../api.ts'
import { may, useStaff } from '../shell/staff.ts'
import { ReasonForm } from './ReasonForm.tsx'
import { usePersonWords } from './words.ts'

type Field = operations['unmaskPerson']['requestBody']['content']['application/json']['field']

type MaskedValueProps = { personId: string; field: Field; masked: string }

/** The hub says for how long a value may be shown; by a browser's clock, which may be wrong, it is this long. */
const SHOWN_MS = 60_000

/** A masked value, and for who registers people a way to see it in full for a minute. */
export function MaskedValue({ personId, field, masked }: MaskedValueProps) {
  const { t } = usePersonWords()
  const staff = useStaff()
  const [isOpen, setOpen] = useState(false)
  const [value, setValue] = useState<string | null>(null)
  useEffect(() => {
    if (value === null) return undefined
    const timer = setTimeout(() => setValue(null), SHOWN_MS)
    return () => clearTimeout(timer)
  }, [value])
  const onSeen = (seen: string) => {
    setValue(seen)
    setOpen(false)
  }
  if (value !== null) {
    return (
      <>
        <strong>{value}</strong> <span className="fine">{t('unmask.forAMinute')}</span>{' '}
        <Button size="small" onClick={() => setValue(null)}>
          {t('unmask.hide')}
        </Button>
      </>
    )
  }
  if (!may(staff, 'joinPersons')) return masked
  return (
    <>
      {masked}{' '}
      {isOpen ? (
        <UnmaskForm {...{ personId, field, onSeen }} onClose={() => setOpen(false)} />
      ) : (
        <Button
          size="small"
          aria-label={t('unmask.openOf', { field: t(`unmask.fields.${field}`) })}
          onClick={() => setOpen(true)}
        >
          {t('unmask.open')}
        </Button>
      )}
    </>
  )
}

type UnmaskFormProps = Omit<MaskedValueProps, 'masked'> & {
  onSeen: (value: string) => void
  onClose: () => void
}

/** The reason, and the password where it was not given in the last minutes. */
function UnmaskForm({ personId, field, onSeen, onClose }: UnmaskFormProps) {
  const { t } = usePersonWords()
  const { hospitalId } = useStaff()
  const [password, setPassword] = useState('')
  const prove = api.query.useMutation('post', '/v1/sessions/current/proof')
  const unmask = api.query.useMutation(
    'post',
    '/v1/hospitals/{hospitalId}/person-index/persons/{id}/unmask',
  )
  const isProofAsked =
    unmask.error !== null && readFailure(unmask.error).code === 'identity.step_up_required'
  const see = (reason: string) =>
    unmask.mutate(
      { params: { path: { hospitalId, id: personId } }, body: { field, reason } },
      { onSuccess: ({ value }) => onSeen(value) },
    )
  const send = (reason: string) => {
    if (!isProofAsked) return see(reason)
    prove.mutate({ body: { password } }, { onSuccess: () => see(reason) })
  }
  return (
    <ReasonForm
      label={t('unmask.openOf', { field: t(`unmask.fields.${field}`) })}
      error={prove.error ?? unmask.error}
      onSubmit={send}
      buttons={(reason) => (
        <>
          <Button
            htmlType="submit"
            disabled={reason === '' || (isProofAsked && password === '')}
            loading={prove.isPending || unmask.isPending}
          >
            {t('unmask.send')}
          </Button>
          <Button onClick={onClose}>{t('unmask.close')}</Button>
        </>
      )}
    >
      <p className="fine">{t('unmask.hint')}</p>
      {isProofAsked && (
        <label>
          {t('unmask.password')}
          <input
            type="password"
            autoComplete="current-password"
            required
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        </label>
      )}
    </ReasonForm>
  )
}
