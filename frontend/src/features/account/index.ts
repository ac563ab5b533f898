/** What the rest of the page may know of accounts. */
export { AccountPage } from './AccountPage';
export { SignInAgain } from './SignInAgain';
export { useSession } from './useSession';
