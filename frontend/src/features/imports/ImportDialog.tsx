import { FileUp } from 'lucide-react';
import { type DragEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { Dialog } from '@/ui/Dialog';
import { ImportProgress } from './ImportProgress';
import type { ImportState } from './importJob';
import type { ImportFormat, Imports } from './imports';

interface ImportDialogProps {
  readonly imports: Imports;
  readonly onClose: () => void;
}

export function ImportDialog({ imports, onClose }: ImportDialogProps) {
  const { t } = useTranslation();
  const state = useStore(imports.store);
  return (
    <Dialog title={t('imports.title')} onClose={onClose}>
      {state.name === 'following' ? (
        <ImportProgress imports={imports} job={state.job} onClose={onClose} />
      ) : (
        <ImportForm imports={imports} state={state} onClose={onClose} />
      )}
    </Dialog>
  );
}

function ImportForm({ imports, state, onClose }: ImportDialogProps & { state: ImportState }) {
  const { t } = useTranslation();
  const [file, setFile] = useState<File | null>(null);
  const [format, setFormat] = useState<ImportFormat>('text');

  const choose = (chosen: File | null | undefined) => {
    if (!chosen) return;
    setFile(chosen);
    setFormat(/\.csv$/i.test(chosen.name) ? 'csv' : 'text');
  };

  return (
    <form
      className="import-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (file) void imports.send(file, format);
      }}
    >
      <p className="quiet">{t('imports.hint')}</p>
      <FileField file={file} onChoose={choose} />
      <label className="field">
        <span className="field-name">{t('imports.format')}</span>
        <select
          data-testid="import-format"
          value={format}
          onChange={(event) => setFormat(event.target.value === 'csv' ? 'csv' : 'text')}
        >
          <option value="text">{t('imports.formats.text')}</option>
          <option value="csv">{t('imports.formats.csv')}</option>
        </select>
      </label>
      <p className="trouble-line" role="alert">
        {state.name === 'refused' ? <Refused why={state.why} /> : null}
      </p>
      <div className="dialog-actions">
        <button type="button" className="button quiet-button" onClick={onClose}>
          {t('imports.close')}
        </button>
        <button
          type="submit"
          className="button"
          data-testid="import-start"
          disabled={file === null || state.name === 'sending'}
        >
          {t('imports.start')}
        </button>
      </div>
    </form>
  );
}

interface FileFieldProps {
  readonly file: File | null;
  readonly onChoose: (file: File | null | undefined) => void;
}

function FileField({ file, onChoose }: FileFieldProps) {
  const { t } = useTranslation();
  const drop = (event: DragEvent) => {
    event.preventDefault();
    onChoose(event.dataTransfer.files[0]);
  };
  return (
    <label className="drop" onDragOver={(event) => event.preventDefault()} onDrop={drop}>
      <FileUp size={22} aria-hidden />
      {file ? (
        <bdi>{file.name}</bdi>
      ) : (
        <span>
          <strong>{t('imports.choose')}</strong> {t('imports.drop')}
        </span>
      )}
      <input
        type="file"
        className="only-heard"
        data-testid="import-file"
        accept=".txt,.md,.csv,text/plain,text/csv"
        onChange={(event) => onChoose(event.target.files?.[0])}
      />
    </label>
  );
}

function Refused({ why }: { why: Extract<ImportState, { name: 'refused' }>['why'] }) {
  const { t } = useTranslation();
  if (typeof why === 'string') return t(`imports.${why}`);
  return (
    <>
      {t('imports.refused')} <bdi>{why.message}</bdi>
    </>
  );
}
