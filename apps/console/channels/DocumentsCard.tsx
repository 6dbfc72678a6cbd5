import { Button, Modal, Skeleton } from 'antd'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { addDays } from '../../../kernel/time.ts'
import { api } from '../api.ts'
import { useActorName } from '../cases/words.ts'
import { today } from '../clock.ts'
import { Fault } from '../list/Fault.tsx'
import { announce } from '../shell/announce.ts'
import { may, useStaff } from '../shell/staff.ts'
import { ChannelFault } from './ChannelFault.tsx'
import { type ChannelDocument, DOCUMENT_KINDS, type DocumentKind } from './model.ts'
import { TextField } from './TextField.tsx'
import { useRefresh } from './use-channels.ts'

/** A document that ends within so many days is to be renewed. */
const SOON_DAYS = 30

/** What the channel's operator has shown; each kind is there once, or is missing. */
export function DocumentsCard({ name }: { name: string }) {
  const { t } = useTranslation()
  const { hospitalId } = useStaff()
  const { data, error, refetch } = api.query.useQuery(
    'get',
    '/v1/hospitals/{hospitalId}/channels/{name}/documents',
    { params: { path: { hospitalId, name } } },
  )
  return (
    <section className="card" aria-labelledby="documents-title">
      <h2 id="documents-title">{t('channels.documents.title')}</h2>
      {error !== null && <Fault error={error} onRetry={() => void refetch()} />}
      {!data && error === null && <Skeleton active paragraph={{ rows: 3 }} />}
      {data && (
        <ul className="mini-list">
          {DOCUMENT_KINDS.map((kind) => (
            <DocumentLine
              key={kind}
              name={name}
              kind={kind}
              document={data.items.find((known) => known.kind === kind)}
            />
          ))}
        </ul>
      )}
    </section>
  )
}

type DocumentLineProps = { name: string; kind: DocumentKind; document: ChannelDocument | undefined }

function DocumentLine({ name, kind, document }: DocumentLineProps) {
  const { t } = useTranslation()
  const staff = useStaff()
  const actorName = useActorName()
  const [isOpen, setOpen] = useState(false)
  const kindName = t(`channels.documentKinds.${kind}`)
  return (
    <li>
      <span className="two-lines">
        <strong>{kindName}</strong>
        {document ? (
          <>
            <span>{document.reference}</span>
            <Expiry validUntil={document.validUntil} />
            {document.note && <span className="fine">{document.note}</span>}
            <span className="fine">{actorName(document.enteredBy)}</span>
          </>
        ) : (
          <span className="tone-held">{t('channels.documents.missing')}</span>
        )}
      </span>
      {may(staff, 'keepChannels') && (
        <span className="line-actions">
          <Button
            size="small"
            aria-label={t(document ? 'channels.documents.renewOf' : 'channels.documents.addOf', {
              kind: kindName,
            })}
            onClick={() => setOpen(true)}
          >
            {t(document ? 'channels.documents.renew' : 'channels.add')}
          </Button>
          {document && <RemoveDocument name={name} kind={kind} />}
        </span>
      )}
      <Modal
        open={isOpen}
        title={kindName}
        onCancel={() => setOpen(false)}
        footer={null}
        destroyOnHidden
      >
        <DocumentForm name={name} kind={kind} known={document} onDone={() => setOpen(false)} />
      </Modal>
    </li>
  )
}

function Expiry({ validUntil }: Pick<ChannelDocument, 'validUntil'>) {
  const { t } = useTranslation()
  if (validUntil === null) return <span className="fine">{t('channels.documents.endless')}</span>
  const date = today()
  const state =
    validUntil < date ? 'expired' : validUntil < addDays(date, SOON_DAYS) ? 'soon' : 'valid'
  const tone = { expired: 'tone-bad', soon: 'tone-held', valid: 'fine' }[state]
  return <span className={tone}>{t(`channels.documents.${state}`, { date: validUntil })}</span>
}

function RemoveDocument({ name, kind }: { name: string; kind: DocumentKind }) {
  const { t } = useTranslation()
  const { hospitalId } = useStaff()
  const refresh = useRefresh()
  const [isAsking, setAsking] = useState(false)
  const remove = api.query.useMutation(
    'delete',
    '/v1/hospitals/{hospitalId}/channels/{name}/documents/{kind}',
    {
      onSuccess: async () => {
        announce(t('channels.documents.removed'))
        setAsking(false)
        await refresh()
      },
    },
  )
  const kindName = t(`channels.documentKinds.${kind}`)
  return (
    <>
      <Button
        size="small"
        aria-label={t('channels.documents.removeOf', { kind: kindName })}
        onClick={() => setAsking(true)}
      >
        {t('channels.remove')}
      </Button>
      <Modal
        open={isAsking}
        title={t('channels.documents.removeOf', { kind: kindName })}
        okText={t('channels.remove')}
        cancelText={t('channels.cancel')}
        confirmLoading={remove.isPending}
        onOk={() => remove.mutate({ params: { path: { hospitalId, name, kind } } })}
        onCancel={() => setAsking(false)}
      >
        <p>{t('channels.documents.removeHint')}</p>
        {remove.error !== null && <ChannelFault error={remove.error} />}
      </Modal>
    </>
  )
}

type DocumentFormProps = {
  name: string
  kind: DocumentKind
  known: ChannelDocument | undefined
  onDone: () => void
}

function DocumentForm({ name, kind, known, onDone }: DocumentFormProps) {
  const { t } = useTranslation()
  const { hospitalId } = useStaff()
  const refresh = useRefresh()
  const [reference, setReference] = useState(known?.reference ?? '')
  const [validUntil, setValidUntil] = useState(known?.validUntil ?? '')
  const [note, setNote] = useState(known?.note ?? '')
  const save = api.query.useMutation(
    'put',
    '/v1/hospitals/{hospitalId}/channels/{name}/documents/{kind}',
    {
      onSuccess: async () => {
        announce(t('channels.documents.saved'))
        await refresh()
        onDone()
      },
    },
  )
  const send = (event: FormEvent) => {
    event.preventDefault()
    save.mutate({
      params: { path: { hospitalId, name, kind } },
      body: { reference: reference.trim(), validUntil: validUntil || null, note: note.trim() },
    })
  }
  return (
    <form className="channel-form" onSubmit={send}>
      <TextField
        label={t('channels.documents.reference')}
        value={reference}
        maxLength={100}
        onChange={setReference}
      />
      <TextField
        label={t('channels.documents.validUntil')}
        hint={t('channels.documents.validUntilHint')}
        type="date"
        value={validUntil}
        onChange={setValidUntil}
      />
      <TextField
        label={t('channels.documents.note')}
        value={note}
        maxLength={500}
        onChange={setNote}
      />
      {save.error !== null && <ChannelFault error={save.error} />}
      <Button
        type="primary"
        htmlType="submit"
        loading={save.isPending}
        disabled={reference.trim() === ''}
      >
        {t('channels.documents.save')}
      </Button>
    </form>
  )
}
