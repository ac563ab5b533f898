/** The product's sign: a check mark on the accent. */
export function Mark() {
  return (
    <svg className="mark" viewBox="0 0 32 32" width="24" height="24" aria-hidden>
      <rect width="32" height="32" rx="9" />
      <path d="M8.5 16.6l4.6 4.6L23.5 11" />
    </svg>
  );
}
