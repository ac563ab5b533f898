import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { send, session } from '@/services/api';
import { type AccountAct, enter, type Refusal, readRefusal } from './requests';

interface AccountFormProps {
  readonly act: AccountAct;
  /** Whose session ended: they need not type who they are again. */
  readonly knownEmail?: string;
  readonly onEntered?: () => void;
}

export function AccountForm({ act, knownEmail = '', onEntered }: AccountFormProps) {
  const { t } = useTranslation();
  const [email, setEmail] = useState(knownEmail);
  const [password, setPassword] = useState('');
  const [name, setName] = useState('');
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [isBusy, setBusy] = useState(false);
  const isNew = act === 'register';

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (isBusy) return;
    setBusy(true);
    setRefusal(null);
    try {
      session.adopt(await enter(send, act, { email: email.trim(), password, name: name.trim() }));
      onEntered?.();
    } catch (error) {
      setRefusal(readRefusal(error));
    } finally {
      setBusy(false);
    }
  };

  return (
    <form className="account-form" onSubmit={submit}>
      {isNew ? (
        <Field
          id="name"
          label={t('account.name')}
          type="text"
          value={name}
          onType={setName}
          autoComplete="name"
        />
      ) : null}
      <Field
        id="email"
        label={t('account.email')}
        type="email"
        value={email}
        onType={setEmail}
        autoComplete="username"
      />
      <Field
        id="password"
        label={t('account.password')}
        type="password"
        value={password}
        onType={setPassword}
        autoComplete={isNew ? 'new-password' : 'current-password'}
        {...(isNew ? { hint: t('account.passwordHint'), minLength: 8 } : {})}
      />
      <RefusalLine refusal={refusal} />
      <button type="submit" className="button" data-testid="submit" aria-disabled={isBusy}>
        {t(isNew ? 'account.register' : 'account.signIn')}
      </button>
    </form>
  );
}

interface FieldProps {
  readonly id: string;
  readonly label: string;
  readonly type: string;
  readonly value: string;
  readonly onType: (text: string) => void;
  readonly autoComplete: string;
  readonly hint?: string;
  readonly minLength?: number;
}

function Field({ id, label, type, value, onType, autoComplete, hint, minLength }: FieldProps) {
  return (
    <label className="field">
      <span className="field-name">{label}</span>
      <input
        data-testid={id}
        type={type}
        dir={type === 'text' ? 'auto' : 'ltr'}
        required
        minLength={minLength}
        autoComplete={autoComplete}
        value={value}
        onChange={(event) => onType(event.target.value)}
      />
      {hint ? <span className="quiet">{hint}</span> : null}
    </label>
  );
}

function RefusalLine({ refusal }: { refusal: Refusal | null }) {
  const { t } = useTranslation();
  const sentence = () => {
    if (refusal === null) return '';
    if (refusal.kind === 'throttled') {
      return t('account.errors.throttled', { count: refusal.seconds });
    }
    if (refusal.kind === 'other') return t('account.errors.other', { code: refusal.code });
    return t(`account.errors.${refusal.kind}`);
  };
  return (
    <p className="trouble-line" role="alert" data-testid="account-error">
      {sentence()}
    </p>
  );
}
