import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Button, Modal } from 'antd'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { api } from '../api.ts'
import { Fault } from '../list/Fault.tsx'
import { useStaff } from '../shell/staff.ts'
import { addressesIn, AddressField } from './AddressField.tsx'
import { type Kind, KINDS, type Scope, SCOPES_OF } from './model.ts'
import { ScopeChoice } from './ScopeChoice.tsx'
import { SecretShown } from './SecretShown.tsx'

type RegisterDialogProps = { isOpen: boolean; onClose: () => void }

/** A new application of this hospital; its first secret is shown at the end, this once. */
export function RegisterDialog({ isOpen, onClose }: RegisterDialogProps) {
  const { t } = useTranslation()
  const { hospitalId } = useStaff()
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  const register = api.query.useMutation(
    'post',
    '/v1/hospitals/{hospitalId}/partner-applications',
    { onSuccess: () => queryClient.invalidateQueries() },
  )
  const close = () => {
    register.reset()
    onClose()
  }
  const registered = register.data
  return (
    <Modal
      open={isOpen}
      title={t(registered ? 'partners.register.done' : 'partners.register.open')}
      footer={null}
      width="44rem"
      destroyOnHidden
      closable={!registered}
      keyboard={!registered}
      mask={{ closable: false }}
      onCancel={close}
    >
      {registered ? (
        <SecretShown
          clientId={registered.application.clientId}
          secret={registered.secret}
          onDone={() => {
            close()
            const params = { applicationId: registered.application.id }
            void navigate({ to: '/partners/$applicationId', params })
          }}
        />
      ) : (
        <RegisterForm
          isBusy={register.isPending}
          error={register.error}
          onSend={(body) => register.mutate({ params: { path: { hospitalId } }, body })}
        />
      )}
    </Modal>
  )
}

type Wish = { name: string; kind: Kind; scopes: Scope[]; allowedAddresses: string[] }
type RegisterFormProps = { isBusy: boolean; error: unknown; onSend: (wish: Wish) => void }

const MOST_LETTERS = 100

function RegisterForm({ isBusy, error, onSend }: RegisterFormProps) {
  const { t } = useTranslation()
  const [name, setName] = useState('')
  const [kind, setKind] = useState<Kind>('bank')
  const [scopes, setScopes] = useState<ReadonlySet<Scope>>(new Set(['events:read']))
  const [addresses, setAddresses] = useState('')
  // What was ticked for another kind, and this one cannot have, is not sent unseen.
  const choose = (next: Kind) => {
    setKind(next)
    setScopes(new Set(SCOPES_OF[next].filter((scope) => scopes.has(scope))))
  }
  const send = (event: FormEvent) => {
    event.preventDefault()
    const allowedAddresses = addressesIn(addresses)
    onSend({ name: name.trim(), kind, scopes: [...scopes], allowedAddresses })
  }
  return (
    <form className="partner-form" onSubmit={send}>
      <label>
        {t('partners.name')}
        <input
          value={name}
          required
          maxLength={MOST_LETTERS}
          onChange={(event) => setName(event.target.value)}
        />
      </label>
      <label>
        {t('partners.kind')}
        <select value={kind} onChange={(event) => choose(event.target.value as Kind)}>
          {KINDS.map((each) => (
            <option key={each} value={each}>
              {t(`partners.kinds.${each}`)}
            </option>
          ))}
        </select>
      </label>
      <ScopeChoice kind={kind} chosen={scopes} onChange={setScopes} />
      <AddressField text={addresses} onChange={setAddresses} />
      {error !== null && <Fault error={error} />}
      <footer className="partner-foot">
        <Button
          type="primary"
          htmlType="submit"
          loading={isBusy}
          disabled={name.trim() === '' || scopes.size === 0}
        >
          {t('partners.register.send')}
        </Button>
      </footer>
    </form>
  )
}
